"""Numbers that may not be here are noticed, and never repeated as a whole."""

import pytest
from tests.core.check.tables import COMPANY, PERSON, checked, only


@pytest.mark.parametrize(
    ("column", "text", "problem"),
    [
        ("PersoonPersoneelsnummer", "123456782", "bsn"),
        ("PersoonExternId", "111222333", "bsn"),
        ("PersoonOpmerking", "BSN: 123456789", "bsn"),
        ("PersoonDebiteurNr", "NL91ABNA0417164300", "iban"),
        ("BedrijfOpmerking", "nl91abna0417164300", "iban"),
        ("PersoonOpmerking", "Rekening NL91 ABNA 0417 1643 00.", "iban"),
    ],
)
def test_such_a_number_is_noticed(column: str, text: str, problem: str) -> None:
    item = only(checked({**COMPANY, **PERSON, column: text}))
    severity, value = ("warning", "…4300") if problem == "iban" else ("notice", None)
    found = (item.code, item.severity, item.facts["problem"], item.value)
    assert found == ("value-private-number", severity, problem, value)
    assert text not in str(item)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("PersoonPersoneelsnummer", "123456789"),
        ("PersoonPersoneelsnummer", "P123456782"),
        ("PersoonMobiel", "0612345678"),
        ("PersoonOpmerking", "Order 123456782"),
        ("PersoonOpmerking", "geen BSN bekend, tel. 123456789"),
        ("PersoonDebiteurNr", "NL91ABNA0417164301"),
    ],
)
def test_other_numbers(column: str, text: str) -> None:
    assert checked({**PERSON, column: text}).findings == []


def test_a_column_of_other_numbers_has_one_that_passes_by_chance() -> None:
    numbers = ["123456782", "123456783", "123456784"]
    records = [{**PERSON, "PersoonExternId": f"P{n}", "PersoonPersoneelsnummer": n} for n in numbers]
    assert checked(*records).findings == []


def test_a_column_of_them_is_noticed_once() -> None:
    records = [{**PERSON, "PersoonExternId": n} for n in ("123456782", "111222333")]
    assert only(checked(*records)).facts["count"] == 2
