"""What a spreadsheet does to values (product.md A5): errors, formulas, numbers that have lost their zeros or digits."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from instroom.core.check.faults import Fault
from instroom.core.check.judges.choices import BOOLEANS
from instroom.core.check.judges.dates import SHIFTED, shifted_date
from instroom.core.check.sheet import Sheet
from instroom.core.check.spoilt.conversions import converted_cell, is_numbered, likely_date, likely_number
from instroom.core.check.spoilt.error_values import is_error_value, is_hashes, may_hold_errors
from instroom.core.layout.loader import Column
from instroom.core.model import CellNote
from instroom.core.xlsx.cell_note import seconds_of_day

TEXT_TYPES = frozenset(
    "extern_id extern_source text multiline postal_code phone registration_number vat_number"
    " category_group category".split()
)
"""Columns where a number is written as text: zeros before it and digits at its end matter."""

_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+[eE][+-]?|[eE]\+)[0-9]+")
_PERHAPS_SCIENTIFIC = (re.compile(r"E[+-]?[0-9]"), re.compile(r"e[+-]?[0-9]"))

EXCEL_ERROR = Fault("value-excel-error")
NO_NUMBER = Fault("value-excel-error", {"no_number": True})
HASHES = Fault("value-hashes")
SCIENTIFIC = Fault("value-scientific")
FORMULA = Fault("value-formula")
NO_VALUE = Fault("value-formula", {"no_value": True}, None, "error")
ZERO = Fault("value-formula", {"problem": "zero"})
ZERO_REQUIRED = ZERO._replace(graver="error")
_UNLIKE_TEXT = CellNote.DATE | CellNote.BOOLEAN | CellNote.NUMBER | CellNote.SCIENTIFIC


def spoilt(column: Column, values: set[str], joined: str) -> dict[str, Fault]:
    """The values whose text alone shows what a spreadsheet has done; `joined` is all of them in one text."""
    faults = {}
    if may_hold_errors(joined):
        one = is_numbered(column)
        tags = column.type == "multiline" or column.field.startswith("free_fields.")
        faults.update({value: EXCEL_ERROR for value in values if is_error_value(value, tags=tags)})
        faults.update({value: HASHES for value in values if is_hashes(value, one=one)})
    if column.type in TEXT_TYPES and any(pattern.search(joined) for pattern in _PERHAPS_SCIENTIFIC):
        faults.update({value: SCIENTIFIC for value in values if _SCIENTIFIC.fullmatch(value)})
    return faults


def settle_notes(
    sheet: Sheet, column: Column, texts: list[str], notes: Mapping[int, int], unusable: AbstractSet[str]
) -> set[int]:
    """Report what a workbook's cells tell besides their text; gives the records that need no other judgement.

    `unusable` texts have an error of their own, which goes before a warning about the cell.
    """
    faults: dict[int, Fault] = {}
    for record, note in notes.items():
        if note & CellNote.BOOLEAN and column.type == "yes_no":
            texts[record] = BOOLEANS.get(texts[record].upper(), texts[record])
        fault = _fault_of(column, texts[record], note)
        if fault and (fault.severity == "error" or texts[record] not in unusable):
            faults[record] = fault
    if not faults:
        return set()
    sheet.report_faults(column, faults, range(len(texts)), texts, set())
    return {record for record, fault in faults.items() if fault is not FORMULA and fault.code != SHIFTED}


def _fault_of(column: Column, text: str, note: int) -> Fault | None:
    if note & CellNote.ERROR:
        return NO_NUMBER if note & CellNote.NO_NUMBER else EXCEL_ERROR
    if note & CellNote.NO_VALUE:
        return NO_VALUE
    if column.type in TEXT_TYPES and note & _UNLIKE_TEXT:
        if note & CellNote.SCIENTIFIC:
            return SCIENTIFIC
        if column.type != "multiline" and (fault := _converted(column, text, note)):
            return fault
    if column.type == "date" and note & CellNote.TIME and (fault := shifted_date(text, seconds_of_day(note))):
        return fault
    if not note & CellNote.FORMULA:
        return None
    if text != "0" or column.type not in TEXT_TYPES:
        return FORMULA
    # Of a blank cell elsewhere, or never computed: Apache POI and XlsxWriter write it then.
    return ZERO_REQUIRED if column.required in ("key", "yes") else ZERO


def _converted(column: Column, text: str, note: int) -> Fault | None:
    """A date, a time, a boolean or a number that is not shown as digits, in a cell where text belongs."""
    free = column.field.startswith("free_fields.")
    if note & CellNote.DATE:
        problem = "time" if ":" in text[:6] else "date"
        return converted_cell(problem, likely_date(column, text), noticed=free)
    if note & CellNote.BOOLEAN:
        return converted_cell("boolean", "", noticed=free)
    odd = note & CellNote.NUMBER and not text.isdecimal()
    if odd and (is_numbered(column) or (note & CellNote.FORMATTED and not free)):
        return converted_cell("number", likely_number(text), noticed=False)
    return None


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
