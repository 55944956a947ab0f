"""Rows below the last record that are none (row-footer): left out, and what they count is compared."""

import re
from pathlib import Path

import pytest
from tests.core.check.tables import COMPANY, PERSON, checked, only

from instroom.core.layout.standard import standard
from instroom.core.pipeline import check_file

FOOTERS = """
Totaal|TOTAAL 2|Totaal: 2|Total: 2 records|Totaal aantal records: 2|Aantal: 2|Aantal personen = 2|Subtotaal|Count: 2
Gesamt 2|Anzahl Zeilen: 2|Nombre de lignes : 2|2 rows|(2 rows)|(3 rows)|(2 row(s) affected)|2 rows affected
2 rijen|2 rij(en) verwerkt|2 rows selected.|2 rows in set (0.00 sec)|2 Datensätze|-- einde --|Einde|EOF|*** Ende ***
Einde van het bestand|end of file|Pagina 1 van 1|Afgedrukt: 28-11-2026 door HR|Gemaakt op 28-11-2026
Completion time: 2026-11-28T12:00:00+01:00|=====|-----
Records: 2|Number of records: 2|Row count: 2|Trailer 2|Totaal uren: 36|Totaal bedrijven: 1|Total FTE 36
"""
DIGITS = f"Aantal: {'9' * 5000}"  # more than Python reads as a number


def test_a_row_below_the_records_is_left_out() -> None:
    for text in (*filter(None, re.split("[|\n]", FOOTERS)), DIGITS):
        found = checked(PERSON, {**PERSON, "PersoonExternId": "P2"}, {"BedrijfExternId": text})
        item = only(found)
        assert (item.code, item.severity, item.row, item.value) == ("row-footer", "warning", 4, text), text
        assert (len(found.records), found.record_count, found.refused) == (2, 2, frozenset()), text


def test_a_line_under_the_headers_is_no_record_that_a_footer_counts() -> None:
    underline = {column.label: "-" * len(column.label) for column in standard().columns}
    found = checked(underline, PERSON, {"BedrijfExternId": "(1 row affected)"})
    assert [(item.code, item.severity) for item in found.findings] == [
        ("header-repeated", "error"),
        ("row-footer", "warning"),
    ]


@pytest.mark.parametrize(
    "footer",
    [
        {"BedrijfExternId": "(40 rows)"},
        {"BedrijfExternId": "Totaal: 0"},
        {"BedrijfExternId": "Aantal records", "BedrijfExternSource": "12"},
    ],
)
def test_another_number_of_records_is_an_error(footer: dict[str, str]) -> None:
    found = checked(PERSON, footer)
    assert (only(found).code, only(found).severity, only(found).facts["records"]) == ("row-footer", "error", 1)
    assert (len(found.records), found.record_count, found.refused) == (1, 2, {3})


@pytest.mark.parametrize(
    "record",
    [
        {**COMPANY, "BedrijfExternId": "Totaal"},
        {"BedrijfExternId": "Totaal", "BedrijfExternSource": "CRM"},
        {**PERSON, "PersoonAchternaam": "Einde"},
        {"BedrijfExternId": "4711"},
        {"BedrijfExternId": "Eindhoven 1"},
        {"BedrijfExternId": "Total Energies"},
    ],
)
def test_a_record_is_no_footer(record: dict[str, str]) -> None:
    assert not [item for item in checked(PERSON, record).findings if item.code == "row-footer"]


def test_numbers_may_stand_below_their_columns() -> None:
    assert only(checked(PERSON, {"BedrijfExternId": "Totaal", "BedrijfPostHuisnummer": "36,5"})).code == "row-footer"


def test_a_footer_in_a_file_without_a_line_end_is_no_record_that_was_cut_off(tmp_path: Path) -> None:
    headers = standard().headers
    record = [PERSON.get(header, "") for header in headers]
    path = tmp_path / "a.csv"
    path.write_text("\r\n".join([";".join(headers), ";".join(record), "", "Totaal;1"]), "utf-8")
    found, _ = check_file(path, standard())
    assert [(item.code, item.row) for item in found.findings] == [("row-blank", 3), ("row-footer", 4)]
    assert len(found.records) == 1
