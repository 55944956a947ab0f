"""What looks equal is equal, in a check (product.md A5): keys, blank values, and conflicts that the eye may miss."""

import pytest
from tests.core.check.tables import COMPANY, PERSON, checked, only

from instroom.core.fields import FIELDS
from instroom.core.layout.standard import standard
from instroom.core.report.sentences import message

NAMES = FIELDS["person"]


def fields_of(value: str, column: str, field: str) -> str | None:
    """What a person has in a field whose cell holds this value."""
    person = checked({**PERSON, column: value}).records[0].person
    assert person is not None
    return person.fields[NAMES.index(field)]


@pytest.mark.parametrize("written", ["P1\u200b", "\u200eP1", "P\u00ad1", "P1\u00a0", "p1", "P\u20601", "P1\ufe0f"])
def test_a_key_with_what_nobody_sees_is_the_same_key(written: str) -> None:
    found = checked(PERSON, {**PERSON, "PersoonExternId": written}, environment=True)
    assert found.person_count == 1
    assert found.repeated == {3}


@pytest.mark.parametrize("written", ["H R", "H\u00a0R", "H  R", "H\u3000R", " H\u202fR\u200b"])
def test_a_source_with_another_space_is_the_same_source(written: str) -> None:
    found = checked({**PERSON, "PersoonExternSource": "H R"}, {**PERSON, "PersoonExternSource": written})
    assert found.person_count == 1
    assert "source-case" not in {item.code for item in found.findings}


@pytest.mark.parametrize("surname", ["\u200b", "\u2060", "\u00ad", "\u3164", "\u200e\u00a0", "\u2800"])
def test_a_surname_in_which_nothing_is_seen_is_missing(surname: str) -> None:
    found = checked({**PERSON, "PersoonAchternaam": surname})
    assert "required-missing" in {item.code for item in found.findings}
    assert found.records == []


def test_a_key_in_which_nothing_is_seen_is_missing() -> None:
    found = checked({**PERSON, "PersoonExternId": "\u200b"})
    assert {item.code for item in found.findings} == {"key-incomplete", "value-invisible"}


def test_a_record_in_which_nothing_is_seen_is_none() -> None:
    found = checked(PERSON, {"PersoonAchternaam": "\u200b"})
    assert [item.code for item in found.findings] == ["row-blank"]
    assert found.record_count == 1


@pytest.mark.parametrize(
    ("column", "field", "written", "read"),
    [
        ("PersoonPrivePostcode", "home_address.postal_code", "1234\u00a0AB", "1234 AB"),
        ("PersoonMobiel", "mobile", "06\u00a012345678", "06 12345678"),
        ("PersoonVoornaam", "first_name", "Zoe\u0308", "Zoë"),
        ("PersoonTussenvoegsel", "surname_prefix", "van\u2009 der", "van der"),
        ("PersoonGeboortedatum", "date_of_birth", "01-02-\u200b1980", "1980-02-01"),
        ("PersoonEmailWerk", "work_email", "anna\u200b@voorbeeld.example", "anna@voorbeeld.example"),
        ("PersoonGeslacht", "gender", "V\u00ad", "V"),
        ("PersoonOpmerking", "remarks", "een \r\n  twee\u00a0 drie", "een\ntwee drie"),
    ],
)
def test_a_value_is_read_as_it_looks(column: str, field: str, written: str, read: str) -> None:
    assert fields_of(written, column, field) == read


def test_names_of_a_company_that_differ_in_spaces_alone_are_equal_and_in_capitals_are_told() -> None:
    written = ("Testbedrijf BV", "Testbedrijf  BV", "Testbedrijf\u00a0BV", "TESTBEDRIJF BV")
    rows = [{**COMPANY, **PERSON, "PersoonExternId": f"P{at}", "BedrijfNaam": name} for at, name in enumerate(written)]
    conflict = [item for item in checked(*rows).findings if item.code == "company-conflict"]
    assert [item.row for item in conflict] == [5]
    said = message(conflict[0], standard(), "en")
    assert "‘TESTBEDRIJF BV’ instead of ‘Testbedrijf BV’ (differs only in letter case)" in said


def test_a_column_that_is_full_of_it_is_told_once() -> None:
    rows = [{**PERSON, "PersoonExternId": f"P{at}", "PersoonAfdeling": "Techniek\u00a0en beheer"} for at in range(21)]
    found = only(checked(*rows))
    assert (found.code, found.row, found.facts["count"]) == ("value-invisible", 2, 21)
    assert "21" in message(found, standard(), "en")
    assert len(checked(*rows[:20]).findings) == 20
