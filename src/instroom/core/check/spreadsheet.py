"""What a spreadsheet does to values (product.md A5): errors, formulas, numbers that have lost their zeros or digits."""

import re
from collections.abc import Mapping, Sequence

from instroom.core.check.choices import BOOLEANS
from instroom.core.check.faults import Fault
from instroom.core.check.sheet import Sheet
from instroom.core.layout.loader import Column
from instroom.core.model import CellNote

TEXT_TYPES = frozenset(
    "extern_id extern_source text multiline postal_code phone registration_number vat_number"
    " category_group category".split()
)
"""Columns where a number is written as text: zeros before it and digits at its end matter."""

_ERRORS = frozenset(
    "#N/A #N/B #REF! #VERW! #VALUE! #WAARDE! #NAME? #NAAM? #DIV/0! #DEEL/0! #NUM! #GETAL! #NULL! #LEEG! #SPILL!"
    " #OVERLOOP! #CALC! #BEREKENEN! #FIELD! #VELD! #BLOCKED! #GEBLOKKEERD! #GETTING_DATA #BUSY! #BEZIG!"
    " #CONNECT! #VERBINDEN! #UNKNOWN! #ONBEKEND!".split()
)
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+[eE][+-]?|[eE]\+)[0-9]+")
_PERHAPS_SCIENTIFIC = (re.compile(r"E[+-]?[0-9]"), re.compile(r"e[+-]?[0-9]"))

EXCEL_ERROR = Fault("value-excel-error")
SCIENTIFIC = Fault("value-scientific")
_NO_VALUE = {"no_value": True}


def spoilt(column: Column, values: set[str], joined: str) -> dict[str, Fault]:
    """The values whose text alone shows what a spreadsheet has done; `joined` is all of them in one text."""
    faults = {}
    if "#" in joined:
        faults.update({value: EXCEL_ERROR for value in values if value.upper() in _ERRORS})
    if column.type in TEXT_TYPES and any(pattern.search(joined) for pattern in _PERHAPS_SCIENTIFIC):
        faults.update({value: SCIENTIFIC for value in values if _SCIENTIFIC.fullmatch(value)})
    return faults


def settle_notes(sheet: Sheet, column: Column, texts: list[str], notes: Mapping[int, int]) -> set[int]:
    """Report what a workbook's cells tell besides their text; gives the records that need no other judgement."""
    settled = set()
    text_column = column.type in TEXT_TYPES
    for record, note in notes.items():
        fault = _fault_of(note, text_column=text_column)
        if note & CellNote.BOOLEAN and column.type == "yes_no":
            texts[record] = BOOLEANS.get(texts[record].upper(), texts[record])
        if fault is not None:
            sheet.report_cell(fault.code, record, column, texts[record], fault.facts)
            settled.add(record)
        elif note & CellNote.NO_VALUE:
            sheet.report_cell("value-formula", record, column, None, _NO_VALUE, "error")
            settled.add(record)
        elif note & CellNote.FORMULA:
            sheet.report_cell("value-formula", record, column, texts[record])
    return settled


def _fault_of(note: int, *, text_column: bool) -> Fault | None:
    if note & CellNote.ERROR:
        return EXCEL_ERROR
    return SCIENTIFIC if note & CellNote.SCIENTIFIC and text_column else None


def numbers(column: Column, texts: Sequence[str], notes: Mapping[int, int]) -> list[int]:
    """The records with a number cell where text belongs: zeros before it may be lost. A house number has none, nor has
    the number zero; a formula has its own finding."""
    if column.type not in TEXT_TYPES or column.field.endswith("house_number"):
        return []
    return [
        record
        for record, note in notes.items()
        if note & CellNote.NUMBER and not note & CellNote.FORMULA and texts[record].isdecimal() and texts[record] != "0"
    ]
