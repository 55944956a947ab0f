"""What programs do to values (product.md A5): found, with what the value was likely to be."""

from typing import Any

import pytest
from tests.core.check.tables import COMPANY, PERSON, checked, only

from instroom.core.check.spoilt.likely_keys import likely_keys
from instroom.core.fields import PERSON_FIELDS
from instroom.core.layout.standard import standard
from instroom.core.model import CellNote, Finding

ERRORS = """
#N/A #N/B #REF! #VERW! #VALUE! #WAARDE! #NAME? #NAAM? #DIV/0! #DEEL/0! #NUM! #GETAL! #NULL! #LEEG!
#NV #BEZUG! #WERT! #ZAHL! #ÜBERLAUF! #VALEUR! #NOM? #NOMBRE! #NOMBRE? #NUL! #EPARS!
#N/D #¡REF! #¡VALOR! #¿NOMBRE? #¡DIV/0! #¡NUM! #¡NULO! #RIF! #VALORE! #NOME? #NULLO! #ADR! #ARG! #SAKNAS!
#REF #N/A! #VERW #WAARDE #NAAM #DEEL/0 #GETAL #BEZUG #WERT #VALEUR #NOM #¡REF #VALOR #NUM #RIF #VALORE #NAME!
#ref #NV! =#VERW! #ERROR! Loading... Err:502 Err:508 Fout:502 #n/b
""".split()


def found_in(column: str, text: str, note: int = 0) -> Finding:
    """The one finding on a record with this text in a column."""
    base = COMPANY if column.startswith("Bedrijf") else PERSON
    return only(checked({**base, column: text}, notes={column: {0: note}} if note else None))


@pytest.mark.parametrize("column", ["PersoonAfdeling", "PersoonExternId", "PersoonGeboortedatum"])
def test_error_values_of_spreadsheets(column: str) -> None:
    found = [found_in(column, text) for text in ERRORS]
    assert [(one.code, one.severity, one.value) for one in found] == [
        ("value-excel-error", "error", text) for text in ERRORS
    ]


def test_a_tag_in_what_people_write_is_no_error_value() -> None:
    assert checked({**PERSON, "PersoonOpmerking": "#NUM"}).findings == []
    assert found_in("PersoonOpmerking", "#NUM!").code == "value-excel-error"


@pytest.mark.parametrize("text", ["#1", "#TOP", "C#", "Error", "Fout: geen", "N/B!", "#hashtag!", "Err:12", "Laden"])
def test_no_error_value(text: str) -> None:
    assert checked({**PERSON, "PersoonAfdeling": text}).findings == []


@pytest.mark.parametrize(
    ("column", "text", "problem", "likely"),
    [
        ("PersoonExternId", "1001.0", "number", "1001"),
        ("PersoonAfdeling", "12.0", "number", "12"),
        ("BedrijfIdentificatieNr", "12345678.0", "number", "12345678"),
        ("BedrijfDebiteurNr", "4711.0", "number", "4711"),
        ("PersoonMobiel", "31612345678.0", "number", "+31612345678"),
        ("PersoonMobiel", "+31612345678,00", "number", "+31612345678"),
        ("PersoonMobiel", "612345678.0", "number", "0612345678"),
        ("PersoonVrijveldData1", "12.0", "number", "12"),
        ("PersoonExternId", "1001.000", "number", "1001"),
        ("PersoonExternId", "WAHR", "boolean", None),
        ("PersoonExternId", "true", "boolean", None),
        ("PersoonPersoneelsnummer", "123456789012345000", "rounded", None),
        ("PersoonPriveHuisnummer", "48.0000", "number", "48"),
        ("PersoonPriveHuisnummer", "1.000", "number", "1000"),
        ("PersoonExternId", "1.001", "number", "1001"),
        ("PersoonExternId", "1.001.002", "number", "1001002"),
        ("PersoonExternId", "1,001", "number", "1001"),
        ("PersoonExternId", "1002,5", "number", None),
        ("PersoonExternId", "1003,00", "number", "1003"),
        ("PersoonExternId", "€ 1.004,00", "number", "1004"),
        ("PersoonExternId", "€ 1.004,-", "number", "1004"),
        ("PersoonExternId", "1000%", "number", "10"),
        ("PersoonExternId", "-17", "number", None),
        ("PersoonExternId", "(17)", "number", None),
        ("PersoonPriveHuisnummer", "3-mei", "date", "3-5"),
        ("PersoonPriveHuisnummer", "5-mrt", "date", "5-3"),
        ("PersoonPriveHuisnummer", "mei-26", "date", "5-26"),
        ("PersoonPriveHuisnummer", "3-May", "date", "3-5"),
        ("PersoonPriveHuisnummer", "Mar-05", "date", "3-5"),
        ("PersoonPriveHuisnummer", "3. Mai", "date", "3-5"),
        ("PersoonPriveHuisnummer", "3-mai-26", "date", "3-5"),
        ("PersoonPriveHuisnummer", "3-ago", "date", "3-8"),
        ("PersoonPriveHuisnummer", "12-01-1900", "date", "12"),
        ("PersoonPriveHuisnummer", "1900-02-28", "date", "59"),
        ("PersoonExternId", "01-03-1900", "date", "61"),
        ("PersoonExternId", "22-06-1905", "date", "2000"),
        ("PersoonPriveHuisnummer", "5-dic", "date", "5-12"),
        ("PersoonPriveHuisnummer", "3-mag-26", "date", "3-5"),
        ("PersoonExternId", "1'001", "number", "1001"),
        ("PersoonExternId", "1001-", "number", None),  # as SAP writes -1001
        ("PersoonPriveHuisnummer", "03-05-2026", "date", "3-5"),
        ("PersoonPriveHuisnummer", "3/5/2026", "date", "3-5"),
        ("PersoonPriveHuisnummer", "2026-05-03", "date", "3-5"),
        ("PersoonPriveHuisnummer", "1-1-2026", "date", "1-1"),
        ("PersoonPriveToevoeging", "2-aug", "date", "2-8"),
        ("PersoonExternId", "01-01-2026", "date", "jan-26"),
        ("PersoonExternId", "2026-05-03 00:00:00", "date", "3-5"),
        ("PersoonPersoneelsnummer", "12-dec", "date", "12-12"),
        ("PersoonPriveHuisnummer", "3:05", "time", None),
        ("PersoonAfdeling", "WAAR", "boolean", None),
        ("PersoonExternId", "FALSE", "boolean", None),
    ],
)
def test_what_a_program_has_converted(column: str, text: str, problem: str, likely: str | None) -> None:
    record = {"PersoonVrijveldDefinitie1": "VrijveldNr"} if "Vrijveld" in column else {}
    base = COMPANY if column.startswith("Bedrijf") else PERSON
    item = only(checked({**base, **record, column: text}))
    assert (item.code, item.severity, item.value) == ("value-converted", "warning", text)
    assert (item.facts["problem"], item.facts.get("likely")) == (problem, likely)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("PersoonExternId", "P-17"),
        ("PersoonExternId", "1234567890123450"),
        ("PersoonExternId", "10.2.1"),
        ("PersoonExternId", "1.0.0"),
        ("PersoonExternId", "MEI26"),
        ("PersoonExternId", "GEN-12"),
        ("PersoonExternId", "SET-03"),
        ("PersoonExternId", "2026-001"),
        ("PersoonExternId", "{0f8fad5b-d9cb-469f-a165-70867728950e}"),
        ("PersoonExternId", "12.34"),
        ("PersoonPriveHuisnummer", "3-5"),
        ("PersoonPriveHuisnummer", "3/5"),
        ("PersoonPriveHuisnummer", "12-14-16"),
        ("PersoonPriveToevoeging", "-2"),
        ("PersoonPriveToevoeging", "bis"),
        ("PersoonAchternaam", "Mei"),
        ("PersoonAfdeling", "3-mei"),
        ("PersoonAfdeling", "Onwaar"),
        ("PersoonFunctie", "1.001"),
        ("PersoonPrivePostcode", "1234 AB"),
        ("PersoonMobiel", "06.12.34.56.78"),
        ("BedrijfNaam", "A-1 B.V."),
        ("BedrijfBtwNummer", "BE 0000.000.097"),
    ],
)
def test_what_is_a_value_of_its_own(column: str, text: str) -> None:
    base = COMPANY if column.startswith("Bedrijf") else PERSON
    assert checked({**base, column: text}).findings == []


@pytest.mark.parametrize(
    ("column", "text", "note", "facts"),
    [
        ("PersoonPriveHuisnummer", "03-05-2026", CellNote.DATE, {"problem": "date", "likely": "3-5"}),
        ("PersoonFunctie", "02-05-2026", CellNote.DATE, {"problem": "date", "likely": "2-5"}),
        ("PersoonPriveHuisnummer", "03:05", CellNote.DATE, {"problem": "time"}),
        ("PersoonAfdeling", "TRUE", CellNote.BOOLEAN, {"problem": "boolean"}),
        ("PersoonExternId", "1.001", CellNote.NUMBER, {"problem": "number", "likely": "1001"}),
        ("PersoonExternId", "-17", CellNote.NUMBER, {"problem": "number"}),
        ("PersoonPriveHuisnummer", "48,5", CellNote.NUMBER, {"problem": "number"}),
        ("PersoonAfdeling", "10%", CellNote.NUMBER | CellNote.FORMATTED, {"problem": "number"}),
    ],
)
def test_cells_of_a_workbook_that_are_no_text(column: str, text: str, note: int, facts: dict[str, Any]) -> None:
    item = found_in(column, text, note)
    assert (item.code, item.severity, dict(item.facts)) == ("value-converted", "warning", facts)


def test_a_free_field_may_hold_a_date() -> None:
    record = {**PERSON, "PersoonVrijveldDefinitie1": "VrijveldSinds", "PersoonVrijveldData1": "03-05-2026"}
    assert checked(record).findings == []
    item = only(checked(record, notes={"PersoonVrijveldData1": {0: CellNote.DATE}}))
    assert (item.code, item.severity) == ("value-converted", "notice")


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ('="00123', "00123"),
        ('=""00123""', "00123"),
        ("='00123'", "00123"),
        ("=00123", "00123"),
        ('="00123"', "00123"),
        ('=T("00123")', "00123"),
        ('= "00123"', "00123"),
        ('=TEXT("00123";"@")', "00123"),
        ("'00123", "00123"),
        ("’00123", "00123"),
        ('="A ""b"" c"', 'A "b" c'),
    ],
)
def test_a_mark_of_text_is_taken_off(text: str, bare: str) -> None:
    found = checked({**PERSON, "PersoonPersoneelsnummer": text})
    item = only(found)
    assert (item.code, item.severity, item.value, item.facts["likely"]) == ("value-text-mark", "warning", text, bare)
    person = found.records[0].person
    assert person is not None
    assert person.fields[PERSON_FIELDS.index("employee_number")] == bare


def test_what_is_under_a_mark_is_judged() -> None:
    assert [item.code for item in checked({**PERSON, "PersoonMobiel": '="0612"'}).findings] == [
        "value-phone",
        "value-text-mark",
    ]
    assert only(checked({**PERSON, "PersoonGeboortedatum": '="31-12-1980"'})).code == "value-text-mark"


def test_a_key_with_a_mark_is_the_key_without() -> None:
    found = checked({**PERSON, "PersoonExternId": '="00123"'}, {**PERSON, "PersoonExternId": "'00123"})
    keys = {record.person.key for record in found.records if record.person}
    assert keys == {("HR", "00123")}


@pytest.mark.parametrize(
    ("text", "severity"), [("=SOM(A1:A3)", "warning"), ("=Blad1!A2", "warning"), ("=A2", "warning")]
)
def test_a_formula_as_text(text: str, severity: str) -> None:
    item = found_in("PersoonAfdeling", text)
    assert (item.code, item.severity) == ("value-text-mark", severity)
    assert found_in("PersoonExternId", text).severity == "error"


@pytest.mark.parametrize(
    ("text", "likely"),
    [
        ("31612345678", "+31612345678"),
        ("31 6 12345678", "+31612345678"),
        ("32475123456", "+32475123456"),
        ("4915112345678", "+4915112345678"),
        ("31.612.345.678", "+31612345678"),
        ("31 (0)6 12345678", "+31612345678"),
    ],
)
@pytest.mark.parametrize("note", [0, CellNote.NUMBER])
def test_a_phone_number_that_lost_its_plus(text: str, likely: str, note: int) -> None:
    item = found_in("PersoonMobiel", text, note if text.isdecimal() else 0)
    assert (item.code, item.severity, dict(item.facts)) == (
        "value-phone",
        "warning",
        {"problem": "plus", "likely": likely},
    )


def test_what_a_whole_column_has_is_said_once() -> None:
    records = [{**PERSON, "PersoonExternId": f"{n}.0"} for n in range(1001, 1041)]
    found = checked(*records)
    item = only(found)
    assert (item.row, item.value, item.facts["count"], item.facts["rows"]) == (2, "1001.0", 40, [2, 3, 4, 5, 6])
    assert item.facts["examples"][:2] == ["1001.0 → 1001", "1002.0 → 1002"]
    assert len(found.records) == 40


def test_what_less_than_half_of_a_column_has_is_said_at_each_cell() -> None:
    odd = [{**PERSON, "PersoonExternId": f"{n}.0"} for n in range(1001, 1026)]
    plain = [{**PERSON, "PersoonExternId": f"P{n}"} for n in range(60)]
    assert len(checked(*odd, *plain).findings) == 25
    assert len(checked(*odd[:20]).findings) == 20


def test_an_error_stands_at_each_cell() -> None:
    found = checked(*({**PERSON, "PersoonExternId": f"P{n}", "PersoonAfdeling": "####"} for n in range(40)))
    assert [item.code for item in found.findings] == ["value-hashes"] * 40
    assert not found.records


def test_a_warning_never_hides_an_error() -> None:
    item = only(checked({**PERSON, "PersoonPriveHuisnummer": "12345678901.0"}))
    assert (item.code, item.severity) == ("value-too-long", "error")
    item = found_in("PersoonPriveHuisnummer", "€ 123.456,00", CellNote.NUMBER)
    assert (item.code, item.severity) == ("value-too-long", "error")


LIKELY_KEYS = {
    "1001.0": ("value-converted", "1001"),
    "1.001": ("value-converted", "1001"),
    "€ 1.001,00": ("value-converted", "1001"),
    "1001 EUR": ("value-converted", "1001"),
    "3-mei": ("value-converted", "3-5"),
    "3 mei": ("value-converted", "3-5"),
    "03-05-2026": ("value-converted", "3-5"),
    "2026-05-03": ("value-converted", "3-5"),
    "01-05-2026": ("value-converted", "mei-26"),
    "märz-26": ("value-converted", "3-26"),
    "JosÃ©-1": ("value-garbled", "José-1"),
    "Jos%C3%A9-1": ("value-garbled", "José-1"),
    "A&amp;B": ("value-garbled", "A&B"),
    "'P2'": ("value-garbled", "P2"),
}


def test_what_a_spoilt_key_was() -> None:
    sound = ["p1", "1001", "12-345678", "K-1001", "José-1", "3f25-04e0"]
    assert likely_keys(standard().person.extern_id, [*LIKELY_KEYS, *sound]) == LIKELY_KEYS


@pytest.mark.parametrize("space", ["\u00a0", "\u2007", "\u2009", "\u202f"])
def test_thousands_are_told_by_a_space_that_nobody_types(space: str) -> None:
    for text in (f"1{space}001", f"1{space}001,00", f"1{space}001,00{space}€"):
        found = {one.code: one.facts.get("likely") for one in checked({**PERSON, "PersoonExternId": text}).findings}
        assert found == {"value-invisible": None, "value-converted": "1001"}, text
    found = checked({**PERSON, "PersoonExternId": "1 001", "PersoonMobiel": f"06{space}123 45 678"}).findings
    assert {one.code for one in found} <= {"value-invisible"}


def test_what_a_program_did_is_said_of_a_value_that_is_too_long_for_it() -> None:
    item = found_in("PersoonPriveHuisnummer", "2026-05-03 00:00:00")
    assert (item.code, item.severity, item.facts["likely"]) == ("value-converted", "error", "3-5")
