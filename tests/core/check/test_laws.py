"""Laws of the check, for any records (product.md B11, D1)."""

from hypothesis import given
from hypothesis import strategies as st
from tests.core.check.tables import FILE, TODAY, table_of

from instroom.core.check import check
from instroom.core.layout.standard import standard
from instroom.core.model import Checked, Policies

# Few values of each column, so that records meet, contradict each other and break every kind of rule.
VALUES = {
    "BedrijfExternId": ["", "B1", "b1", "B2"],
    "BedrijfExternSource": ["", "CRM", "crm"],
    "BedrijfNaam": ["", "Testbedrijf BV", "Voorbeeld NV"],
    "BedrijfPostPlaats": ["", "Voorbeelddam", "  "],
    "BedrijfPostLand": ["", "NL", "Nederland", "Atlantis"],
    "BedrijfCategorieGroep1": ["", "Branche"],
    "BedrijfCategorie1": ["", "Bouw", "Sloop"],
    "BedrijfCategorieGroep2": ["", "Branche"],
    "BedrijfCategorie2": ["", "Bouw"],
    "BedrijfVrijveldDefinitie1": ["", "VrijveldRegio", "Regio"],
    "BedrijfVrijveldData1": ["", "Noord", "Zuid"],
    "PersoonExternId": ["", "P1", "p1", "P2", "#N/A"],
    "PersoonExternSource": ["", "HR", " HR"],
    "PersoonAchternaam": ["", "Jansen", "Jansen\x07"],
    "PersoonGeboortedatum": ["", "1-2-1980", "01-02-1980", "31-02-1980"],
    "PersoonMobiel": ["", "0600000000", "600000000"],
}
# Mostly whole keys, so that there is something to contradict.
RECORDS = st.fixed_dictionaries(
    {name: st.sampled_from(texts) | st.sampled_from(texts[:2]) for name, texts in VALUES.items()}
)
DELIVERIES = st.lists(RECORDS, min_size=1, max_size=7)
POLICIES = st.sampled_from([Policies(blank="leave"), Policies(blank="clear")])
AT_ONE_ROW = {"key-case", "source-case", "row-blank", "company-conflict", "person-conflict", "person-two-companies"}
AT_ONE_ROW |= {"possible-duplicate", "source-counts", "value-understood", "value-private-number", "free-field-blank"}


def judged(records: list[dict[str, str]], policies: Policies, environment: bool = True) -> Checked:
    return check(FILE, table_of(*records), standard(), policies, environment=environment, today=TODAY)


def outcomes(found: Checked, order: list[int]) -> dict[int, str]:
    """What becomes of each record, by its number in the first order."""
    kept = {item.row for item in found.records}
    names = {}
    for index, number in enumerate(order):
        row = index + 2
        names[number] = "refused" if row in found.refused else "kept" if row in kept else "blank"
    return names


@given(DELIVERIES, POLICIES)
def test_every_record_has_one_outcome(records: list[dict[str, str]], policies: Policies) -> None:
    found = judged(records, policies)
    kept, rows = [item.row for item in found.records], set(range(2, len(records) + 2))
    blank = {n for n, record in enumerate(records, 2) if not any(text.strip() for text in record.values())}
    assert set() == set(kept) & found.refused == found.refused & blank == set(kept) & blank
    assert set(kept) | found.refused | blank == rows or found.rejected
    assert found.repeated <= set(kept)
    assert found.record_count == len(rows) - len(blank)
    assert kept == sorted(kept)


@given(DELIVERIES, POLICIES, st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_records_does_not_matter(
    records: list[dict[str, str]], policies: Policies, random: object, environment: bool
) -> None:
    order = list(range(len(records)))
    random.shuffle(order)  # type: ignore[attr-defined]
    one, other = (
        judged([records[number] for number in numbers], policies, environment)
        for numbers in (range(len(records)), order)
    )
    assert outcomes(one, list(range(len(records)))) == outcomes(other, order)
    assert len(one.repeated) == len(other.repeated)
    assert said(one, list(range(len(records)))) == said(other, order)
    assert {item.code for item in one.findings} == {item.code for item in other.findings}


def said(found: Checked, order: list[int]) -> list[tuple[object, ...]]:
    """The findings that stand at a record whatever its place, by the number of the record."""
    return sorted(
        (item.code, order[item.row - 2], item.column, item.value or "")
        for item in found.findings
        if item.row and item.code not in AT_ONE_ROW | {"person-repeated"}
    )


@given(DELIVERIES, POLICIES)
def test_findings_stand_in_order_and_name_earlier_rows(records: list[dict[str, str]], policies: Policies) -> None:
    found = judged(records, policies)
    positions = {column.label: column.index for column in standard().columns}
    order = [(item.row or 0, positions.get(item.column or "", -1), item.code) for item in found.findings]
    assert order == sorted(order)
    for item in (item for item in found.findings if item.row and not item.facts.get("odd")):
        assert all(other < item.row for other in item.other_rows)  # the odd row of a company may be its first
    errors = {item.row for item in found.findings if item.severity == "error" and item.row}
    named = {row for item in found.findings if item.severity == "error" for row in item.other_rows}
    assert errors <= found.refused <= errors | named


@given(DELIVERIES, POLICIES)
def test_what_is_kept_holds_together(records: list[dict[str, str]], policies: Policies) -> None:
    found = judged(records, policies)
    persons = [item.person for item in found.records if item.person and item.row not in found.repeated]
    assert len({part.key for part in persons}) == len(persons)
    for item in found.records:
        assert item.company or item.person
        assert all(part is None or all(part.key) for part in (item.company, item.person))


@given(DELIVERIES)
def test_checking_what_was_kept_finds_no_error(records: list[dict[str, str]]) -> None:
    found = judged(records, Policies())
    kept = [records[item.row - 2] for item in found.records]
    if kept:
        assert judged(kept, Policies()).verdict != "errors"
