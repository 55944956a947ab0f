"""Rows below the last record that are none: a count, a total, a line that says that the file ends here (row-footer).

Databases and reports write them. Such a row is left out; where it counts other records than there are, it is an error,
as some may be missing.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from instroom.core.findings import finding
from instroom.core.keys import trim
from instroom.core.model import Finding, Table
from instroom.core.whole_number import whole_number

_MOST: Final = 5
"""Rows at the end that are looked at."""
_ROWS: Final = (
    r"(?:rows?|row\(s\)|records?|record\(s\)|lines?|rij(?:en)?|rij\(en\)|regels?|regel\(s\)|zeilen?|datens[aä]tze?"
    r"|lignes?|enregistrements?|filas?|registros?|righe)"
)
_NUMBER: Final = r"[0-9]+(?:[.,][0-9]+)*"
_PERSONS: Final = r"personen|medewerkers|deelnemers|cursisten|persons|people|employees|participants"
# As text: nearly no file has such a row, and to compile these takes longer than the check of a small file.
_COUNTS: Final = (
    rf"\W*(?P<rows>{_NUMBER})\s*{_ROWS}(?:\s.{{0,40}})?\W*"  # (4 rows affected)
    rf"|\W*(?:(?:eind|sub)?tota+l[es]?|(?:{_ROWS}\s?)?count|aantal|number|gesamt|summe|anzahl|nombre|somm[ae]|trailer)\b"
    rf"(?:\s(?:aantal |number |of |de |der |van )*(?:{_ROWS}|{_PERSONS}|(?P<others>[a-z]{{2,20}})(?=\W+[0-9])))?"
    rf"\s*[:=;]?\s*(?P<total>{_NUMBER})?(?:\s{_ROWS})?\W*"
    rf"|\W*{_ROWS}\s*[:=]\s*(?P<after>{_NUMBER})\W*"  # Records: 4
)
_ENDS: Final = (
    r"\W*(?:einde?|end|eof|fin|ende)(?:\s(?:van |of |de |du |der |des )?(?:het |de |the |la )?"
    r"(?:bestand|lijst|rapport|overzicht|export|gegevens|data|file|list|report|fichier|rapport|liste|datei|berichts?))?"
    r"\W*"
    r"|\W*(?:afgedrukt|gemaakt|geprint|gegenereerd|ge[eë]xporteerd|aangemaakt|printed|generated|created|exported"
    r"|completion time|gedruckt|erstellt|imprim[eé]|page|pagina|seite)\b.*[0-9].*"
    r"|[-=_*#.~]{3,}"
)


def take_out_footer_rows(table: Table) -> Table:
    """The table without those rows, with a finding for each."""
    first = len(table.rows)
    while first and len(table.rows) - first < _MOST and is_footer(table.rows[first - 1]):
        first -= 1
    last, end = max(table.wrong_width_rows, default=0), max(table.places, default=0)  # a last line without its end
    cut_off = last > end and is_footer(table.wrong_width_rows[last])
    if first == len(table.rows) and not cut_off:
        return table
    footers = [
        *zip(table.places[first:], table.rows[first:], strict=True),
        *([(last, table.wrong_width_rows[last])] if cut_off else []),
    ]
    records = table.records - len(footers)
    headers = sum(item.code == "header-repeated" for item in table.findings)  # which count as records
    found = [_finding(place, cells, records, headers) for place, cells in footers]
    out = {place for place, _ in footers}
    kept = [
        item
        for item in table.findings
        if not (item.row in out and item.code in ("row-short", "row-cell-count"))  # a short one tells nothing more
    ]
    notes = {
        column: {index: flags for index, flags in cells.items() if index < first}
        for column, cells in table.notes.items()
    }
    return table._replace(
        rows=table.rows[:first],
        places=table.places[:first],
        notes=notes,
        findings=[*kept, *found],
        records=records + sum(item.severity == "error" for item in found),
    )


def is_footer(cells: Sequence[str]) -> bool:
    """Whether this row is no record, but a count, a total or an end: numbers may stand beside it."""
    filled = [text for cell in cells if (text := trim(cell))]
    if not filled or not all(re.fullmatch(_NUMBER, text) for text in filled[1:]):
        return False
    return any(re.fullmatch(pattern, filled[0], re.I) for pattern in (_COUNTS, _ENDS))


def _finding(place: int, cells: Sequence[str], records: int, headers: int) -> Finding:
    first = next(index for index, cell in enumerate(cells) if trim(cell))
    text = trim(" ".join(cells[first : first + 2]))
    counts = re.fullmatch(_COUNTS, text, re.I)
    digits = "" if not counts or counts["others"] else counts["rows"] or counts["total"] or counts["after"] or ""
    said = whole_number(digits, most_digits=18)
    if said is None or records - headers <= said <= records + 1:  # some count the headers too
        return finding("row-footer", place, value=text)
    facts: dict[str, Any] = {"problem": "count", "said": said, "records": records}
    return finding("row-footer", place, value=text, facts=facts, severity="error")
