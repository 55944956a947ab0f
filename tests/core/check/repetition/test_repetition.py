"""Companies and persons on several records (product.md B1-B4, B7): who is left out, and who is named."""

import pytest
from tests.core.check.tables import COMPANY, PERSON, checked, only

from instroom.core.layout.standard import standard
from instroom.core.model import Checked, Finding
from instroom.core.report.sentences import message


def company(**cells: str) -> dict[str, str]:
    return {**COMPANY, **{f"Bedrijf{name}": text for name, text in cells.items()}}


def person(**cells: str) -> dict[str, str]:
    return {**PERSON, **{f"Persoon{name}": text for name, text in cells.items()}}


def places(found: Checked) -> list[tuple[str, int | None, tuple[int, ...]]]:
    return [(item.code, item.row, item.other_rows) for item in found.findings]


def columns(item: Finding) -> list[str]:
    return list(item.facts["columns"])


def test_a_record_holds_a_company_a_person_or_both() -> None:
    found = checked(company(), person(), {**company(), **person(ExternId="P2")})
    assert [(bool(item.company), bool(item.person)) for item in found.records] == [
        (True, False),
        (False, True),
        (True, True),
    ]
    assert (found.record_count, found.company_count, found.person_count) == (3, 1, 2)


def test_a_key_alone() -> None:
    alone, whole = checked(company(Naam=""), company()).records
    assert alone.company is not None and alone.company.alone
    assert whole.company is not None and not whole.company.alone


def test_all_rows_of_a_conflict_are_refused_and_the_odd_one_is_told() -> None:
    found = checked(company(), company(), company(Naam="Testbedrijf NV"), company(Naam=""), company())
    assert places(found) == [("company-conflict", 4, (2, 3, 6))]
    assert (only(found).facts["odd"], only(found).facts["usual"]) == (True, 3)
    assert found.refused == {2, 3, 4, 6}
    assert [item.row for item in found.records] == [5]


def test_a_conflict_names_its_columns() -> None:
    item = only(checked(company(PostPlaats="A", Telefoon="0201234567"), company(PostPlaats="B", Telefoon="0201234568")))
    assert columns(item) == ["BedrijfPostPlaats", "BedrijfTelefoon"]
    assert (item.column, item.value) == ("BedrijfPostPlaats", "B")
    assert item.facts["extern_id"] == "B1"


def test_a_conflict_names_both_values() -> None:
    found = checked(company(), company(PostPlaats="A"), company(Naam="TESTBEDRIJF BV", PostPlaats="B"))
    assert only(found).facts["differences"] == [
        {"column": "BedrijfNaam", "value": "TESTBEDRIJF BV", "other": "Testbedrijf BV", "row": 2, "odd": True},
        {"column": "BedrijfPostPlaats", "value": "B", "other": "A", "row": 3},
    ]


def test_a_conflict_of_categories_and_free_fields_names_both() -> None:
    one, other = (
        {"CategorieGroep1": "Branche", "Categorie1": word, "VrijveldDefinitie1": "VrijveldA", "VrijveldData1": word}
        for word in ("Bouw", "Sloop")
    )
    found = only(checked(company(**one), company(**other))).facts["differences"]
    assert [(item["value"], item["other"]) for item in found] == [
        ("Branche: Sloop", "Branche: Bouw"),
        ("Sloop", "Bouw"),
    ]
    found = only(checked(company(**one), company(**other), blank="clear")).facts["differences"]
    assert found[1]["value"] == "VrijveldA: Sloop"


def test_a_row_that_says_nothing_of_the_conflict_stays() -> None:
    found = checked(company(PostPlaats="A"), company(PostPlaats="B"), company())
    assert found.refused == {2, 3}
    assert checked(company(PostPlaats="A"), company(PostPlaats="B"), company(), blank="clear").refused == {2, 3, 4}


def test_a_faulty_cell_is_no_conflict() -> None:
    found = checked(company(PostLand="NL"), company(PostLand="Atlantis"))
    assert only(found).code == "value-country"
    assert found.refused == {3}


def test_the_odd_row_may_be_the_first() -> None:
    found = checked(company(PostPostcode="3511"), *(company(PostPostcode="3511 AB") for _ in range(2)))
    assert [one for one in places(found) if one[0] == "company-conflict"] == [("company-conflict", 2, (3, 4))]


def test_without_a_majority_the_later_rows_name_the_earlier() -> None:
    found = checked(*(company(Naam=name) for name in ("A", "B", "A", "B")))
    assert places(found) == [
        ("company-conflict", 3, (2,)),
        ("company-conflict", 4, (3,)),
        ("company-conflict", 5, (2, 4)),
    ]
    assert not any("odd" in item.facts for item in found.findings)


def test_two_columns_with_an_odd_row_each() -> None:
    found = checked(company(PostPlaats="A"), company(PostPlaats="A"), company(Naam="Anders", PostPlaats="B"))
    assert only(found).facts["odd"] is True
    assert [item["column"] for item in only(found).facts["differences"]] == ["BedrijfNaam", "BedrijfPostPlaats"]


def test_who_contradict_each_other_and_not_the_majority_are_told() -> None:
    found = checked(*(category("a", "b") for _ in range(3)), category("a"), category("b"))
    assert places(found) == [("company-conflict", 6, (5,))]


def test_at_most_ten_rows_are_named_and_how_many_more_there_are() -> None:
    found = checked(*(company() for _ in range(15)), company(Naam="Anders"))
    assert only(found).other_rows == tuple(range(2, 12))
    assert found.refused == set(range(2, 18))
    found = checked(*(company(Naam=f"Naam {number}") for number in range(15)))
    assert [item.facts.get("more_rows") for item in found.findings] == [*([None] * 10), 1, 2, 3, 4]
    found = checked(*(company(Naam=f"Naam {n}", PostPlaats=f"Plaats {n}") for n in range(12)))
    assert found.findings[-1].facts["more_rows"] == "some"


def category(*names: str) -> dict[str, str]:
    cells = {}
    for n, name in enumerate(names, 1):
        cells |= {f"CategorieGroep{n}": "Branche", f"Categorie{n}": name}
    return company(**cells)


@pytest.mark.parametrize(
    ("sets", "blank", "refused"),
    [
        ([("a",), ("b", "a")], "leave", set()),
        ([("a",), ()], "leave", set()),
        ([("a",), ("b",)], "leave", {2, 3}),
        ([("a",), ("a", "b"), ("b",)], "leave", {2, 4}),
        ([("a", "b"), ("b", "a", "a")], "clear", set()),
        ([("a",), ("b", "a")], "clear", {2, 3}),
        ([("a",), ()], "clear", {2, 3}),
    ],
)
def test_categories(sets: list[tuple[str, ...]], blank: str, refused: set[int]) -> None:
    assert checked(*(category(*names) for names in sets), blank=blank).refused == refused


def field(*pairs: str) -> dict[str, str]:
    cells = {}
    for n, pair in enumerate(pairs, 1):
        name, value = pair.split("=")
        cells |= {f"VrijveldDefinitie{n}": f"Vrijveld{name}", f"VrijveldData{n}": value}
    return company(**cells)


@pytest.mark.parametrize(
    ("records", "blank", "refused"),
    [
        ([("A=1",), ("B=2",)], "leave", set()),
        ([("A=1", "B=2"), ("B=2", "A=1")], "clear", set()),
        ([("A=1",), ("A=2",)], "leave", {2, 3}),
        ([("A=1",), ("B=2",)], "clear", {2, 3}),
        ([("A=1",), ()], "clear", {2, 3}),
    ],
)
def test_free_fields(records: list[tuple[str, ...]], blank: str, refused: set[int]) -> None:
    assert checked(*(field(*pairs) for pairs in records), blank=blank).refused == refused


def test_a_conflict_of_a_free_field_stands_at_its_column() -> None:
    item = only(checked(field("A=1"), field("B=2", "A=3")))
    assert (item.column, item.value, columns(item)) == ("BedrijfVrijveldData2", "3", ["BedrijfVrijveldData2"])


def test_a_person_that_is_repeated_counts_once() -> None:
    found = checked(person(), person(), person(ExternId="p1 "))
    assert [code for code, _, _ in places(found)] == [
        "person-repeated",
        "key-case",
        "person-repeated",
        "value-whitespace",
    ]
    assert found.repeated == {3, 4}
    assert [item.row for item in found.records] == [2, 3, 4]


def test_the_company_beside_a_repeated_person_still_counts() -> None:
    found = checked({**company(Naam=""), **person()}, {**company(), **person()})
    assert only(found).code == "person-repeated"
    assert found.repeated == {3}
    assert found.records[1].company is not None and found.records[1].company.fields[0] == "Testbedrijf BV"


def test_only_a_row_that_stays_can_stand_for_the_others() -> None:
    faulty = {**company(Email="x"), **person()}
    whole = {**company(), **person()}
    for records, refused in (([faulty, whole], {2}), ([whole, faulty], {3})):
        found = checked(*records)
        assert (found.refused, found.repeated) == (refused, frozenset())
        assert len(found.records) == 1


def test_two_faults_of_one_person() -> None:
    one = {**company(), **person()}
    other = {**company(ExternId="B2"), **person(Achternaam="De Vries")}
    found = checked(one, other)
    assert places(found) == [("person-two-companies", 3, (2,)), ("person-conflict", 3, (2,))]
    assert found.refused == {2, 3}
    assert found.findings[0].facts == {"companies": ["B1", "B2"], "extern_id": "P1"}


def test_a_company_whose_key_is_faulty_is_no_other_company() -> None:
    found = checked({**company(), **person()}, {**company(ExternId=""), **person()})
    assert [code for code, _, _ in places(found)] == ["key-incomplete", "person-repeated"]


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (["a", "A", "a"], [("key-case", 3, (2,))]),
        (["é", "e\u0301"], []),
        (["ß", "SS"], [("key-case", 3, (2,))]),
    ],
)
def test_an_extern_id_in_another_letter_case(ids: list[str], expected: list[tuple[str, int, tuple[int, ...]]]) -> None:
    assert places(checked(*(company(ExternId=text) for text in ids))) == expected


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (["HR", "Hr"], [("source-case", 3, (2,))]),
        (["Hr", "HR"], [("source-case", 3, (2,))]),
        (["Hr", "HR", "HR"], [("source-case", 3, (2,))]),
        (["HR", "hr", "Hr"], [("source-case", 3, (2,)), ("source-case", 4, (2,))]),
        (["HR", "CRM"], []),
    ],
)
def test_an_extern_source_in_another_letter_case(
    sources: list[str], expected: list[tuple[str, int, tuple[int, ...]]]
) -> None:
    records = [person(ExternId=f"P{n}", ExternSource=text) for n, text in enumerate(sources)]
    assert places(checked(*records)) == expected


def test_the_two_blocks_have_sources_of_their_own() -> None:
    assert checked({**company(ExternSource="hr"), **person(ExternSource="HR")}).findings == []


def test_what_a_delivery_leaves_to_the_plan() -> None:
    nameless = company(Naam="", PostPlaats="A")
    item = only(checked(nameless))
    assert (item.code, item.column, item.facts) == ("required-missing", "BedrijfNaam", {"block": "company"})
    assert checked(nameless, environment=True).findings == []
    assert checked(nameless, company()).findings == []
    assert checked(company(Naam="")).findings == []


def test_a_person_without_a_key_has_that_to_mend_first() -> None:
    item = only(checked(person(ExternId="", ExternSource="", Achternaam="", Voornaam="Anna")))
    assert (item.code, item.facts) == ("key-missing", {"block": "person"})


def test_a_half_key() -> None:
    item = only(checked(person(ExternSource="")))
    assert item.code == "key-incomplete"
    assert (item.facts["missing"], item.facts["present"]) == ("PersoonExternSource", "PersoonExternId")
    assert message(item, standard()) == "De naam van het bronsysteem ontbreekt: ‘PersoonExternSource’ is leeg."


def test_a_repeated_category_is_one() -> None:
    record = checked(category("b", "a", "b")).records[0]
    assert record.company is not None
    assert record.company.categories == (("Branche", "a"), ("Branche", "b"))


def test_rows_of_spaces_are_no_records() -> None:
    blank = {"PersoonTaal": " "}
    found = checked(person(), blank, blank, person(ExternId="P2"), blank)
    assert places(found) == [("row-blank", 3, ()), ("row-blank", 6, ())]
    assert found.findings[0].facts == {"count": 2, "last_row": 4}
    assert (found.record_count, len(found.records)) == (2, 2)
    assert [item.code for item in checked(blank).findings] == ["rows-none", "row-blank"]


def test_a_person_with_a_faulty_cell_repeats_nobody() -> None:
    found = checked(person(Geboortedatum="31-02-1980"), person(Geboortedatum="01-02-1980"))
    assert [(item.code, item.row) for item in found.findings] == [("value-date", 2)]
    assert found.repeated == frozenset()
