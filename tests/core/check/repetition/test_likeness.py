"""Records that are not what they look like: one dossier under two keys, a series of sources, examples left in."""

import pytest
from tests.core.check.tables import COMPANY, FILE, PERSON, TODAY, checked, table_of

from instroom.core.check import check
from instroom.core.layout.standard import standard
from instroom.core.model import Checked, Policies
from instroom.core.write.example import EXAMPLES, example_rows

ANNA = {**PERSON, "PersoonVoornaam": "Anna", "PersoonVoorletters": "A.B.", "PersoonGeboortedatum": "01-02-1980"}
OWN = {"PersoonExternId": "9", "PersoonExternSource": "AFAS", "PersoonAchternaam": "Bakker"}


def codes(found: Checked) -> list[tuple[str, int | None]]:
    return [(item.code, item.row) for item in found.findings]


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"PersoonVoornaam": "ANNA", "PersoonAchternaam": "JANSEN"},
        {"PersoonVoornaam": "Ánna"},
        {"PersoonVoorletters": ""},
        {"PersoonVoornaam": "", "PersoonVoorletters": "AB"},
        {"PersoonExternSource": "HR2"},
        {"PersoonGeboortedatum": "1-2-1980"},
    ],
)
def test_one_person_under_two_keys(other: dict[str, str]) -> None:
    found = checked(ANNA, {**ANNA, "PersoonExternId": "P2", **other})
    assert codes(found) == [("possible-duplicate", 3)]
    assert found.findings[0].other_rows == (2,)
    assert found.findings[0].facts == {
        "block": "person", "by": "file-name-date", "extern_id": "P1", "extern_source": "HR",
    }  # fmt: skip
    assert len(found.records) == 2


@pytest.mark.parametrize(
    "other",
    [
        {"PersoonVoornaam": "Alice"},
        {"PersoonVoorletters": "A.C."},
        {"PersoonVoornaam": "", "PersoonVoorletters": ""},
        {"PersoonGeboortedatum": "02-02-1980"},
        {"PersoonGeboortedatum": ""},
        {"PersoonAchternaam": "Bakker"},
    ],
)
def test_two_persons(other: dict[str, str]) -> None:
    assert codes(checked(ANNA, {**ANNA, "PersoonExternId": "P2", **other})) == []


def test_one_person_with_one_address_of_mail_under_two_keys() -> None:
    mailed = {**ANNA, "PersoonGeboortedatum": "", "PersoonEmailWerk": "anna@voorbeeld.example"}
    assert codes(checked(mailed, {**mailed, "PersoonExternId": "P2"})) == [("possible-duplicate", 3)]


def test_each_key_is_told_once() -> None:
    mailed = {**ANNA, "PersoonEmailWerk": "anna@voorbeeld.example"}
    rows = [{**mailed, "PersoonExternId": number} for number in ("P1", "P2", "P2", "P3")]
    found = [item for item in codes(checked(*rows)) if item[0] == "possible-duplicate"]
    assert found == [("possible-duplicate", 3), ("possible-duplicate", 5)]


@pytest.mark.parametrize(("code", "found"), [("1234 AB", [("possible-duplicate", 3)]), ("1234 AC", []), ("", [])])
def test_one_company_under_two_keys(code: str, found: list[tuple[str, int]]) -> None:
    one = {**COMPANY, "BedrijfBezoekPostcode": "1234 AB"}
    assert codes(checked(one, {**one, "BedrijfExternId": "B2", "BedrijfBezoekPostcode": code})) == found


def from_sources(*sources: str) -> Checked:
    rows = enumerate(sources)
    return checked(*({**PERSON, "PersoonExternId": f"P{at}", "PersoonExternSource": text} for at, text in rows))


@pytest.mark.parametrize(
    "sources",
    [
        ("HR1", "HR2", "HR3"),
        ("CRM 2026", "CRM 2027", "CRM 2028"),
        ("HR09", "HR10", "HR11"),
        ("HR3", "HR2", "HR1"),
        ("1-HR", "2-HR", "3-HR"),
        ("HR", "HR1", "HR2", "HR3", "HR4"),
    ],
)
def test_a_source_that_counts(sources: tuple[str, ...]) -> None:
    found = from_sources(*sources)
    assert [item.code for item in found.findings] == ["source-counts"]
    assert len(found.records) == len(sources)


@pytest.mark.parametrize(
    "sources",
    [
        ("HR1", "HR2"),
        ("HR1", "HR1", "HR1", "HR2", "HR2", "HR2", "HR3"),
        ("HR1", "HR2", "HR3", "HR", "HR", "HR", "HR"),
        ("HR1", "HR3", "HR5"),
        ("HR1", "CRM2", "AFAS3"),
        ("HR", "CRM", "AFAS"),
    ],
)
def test_a_source_that_does_not_count(sources: tuple[str, ...]) -> None:
    assert codes(from_sources(*sources)) == []


def test_a_company_from_a_source_that_counts_is_said_once() -> None:
    rows = [{**COMPANY, "BedrijfPostPostcode": "1234 AB", "BedrijfExternSource": f"CRM{at}"} for at in range(6)]
    found = checked(*rows)
    assert codes(found) == [("source-counts", 3)]
    assert found.findings[0].facts == {"first": "CRM0", "last": "CRM5", "count": 6}


def with_examples(*records: dict[str, str]) -> Checked:
    return check(FILE, table_of(*records), standard(), Policies(), today=TODAY, examples=EXAMPLES)


def examples(changes: bool = False) -> list[dict[str, str]]:
    labels = [column.label for column in standard().columns]
    return [dict(zip(labels, row, strict=True)) for row in example_rows(standard(), changes)]


@pytest.mark.parametrize("changes", [False, True])
def test_the_example_records_alone_are_a_delivery(changes: bool) -> None:
    assert codes(with_examples(*examples(changes))) == []
    assert codes(with_examples(examples(changes)[0])) == []


@pytest.mark.parametrize("changes", [False, True])
def test_example_records_beside_others(changes: bool) -> None:
    records = examples(changes)
    found = with_examples(*records, OWN)
    assert codes(found) == [("example-record", row) for row in range(2, len(records) + 2)]
    assert [item.row for item in found.records] == [len(records) + 2]


def test_a_record_whose_key_cannot_be_used_is_not_one_beside_the_examples() -> None:
    faulty = {**OWN, "PersoonExternId": ""}
    assert [item.code for item in with_examples(*examples(), faulty).findings] == ["key-incomplete"]


def test_the_sources_of_the_examples_are_those_that_are_looked_for() -> None:
    there = {
        record[f"{block}ExternSource"] for record in examples(True) + examples() for block in ("Bedrijf", "Persoon")
    }
    assert there - {""} == EXAMPLES.sources
