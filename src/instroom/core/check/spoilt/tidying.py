"""Spaces, invisible characters, line breaks and control characters: what the eye does not see in a value."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from instroom.core.check.faults import Fault
from instroom.core.check.sheet import Sheet
from instroom.core.check.whole_column import AT_EACH_CELL
from instroom.core.clean_text import SPACES, Hidden, clean, hidden
from instroom.core.layout.loader import Column

_BREAKS = "\u2028\u2029"  # line breaks too, in most programs that show text
_BROKEN = "\ud800-\udfff\ufffe\uffff"  # halves of characters and what can be no character: XML refuses them as well
_CONTROL: Final = f"[\x00-\x1f\x7f-\x9f{_BREAKS}{_BROKEN}]"
_CONTROL_BUT_BREAK: Final = f"[\x00-\x09\x0b-\x1f\x7f-\x9f{_BROKEN}]"
_SPACED = Fault("value-whitespace")
_AROUND = SPACES.replace("\ufeff", "")  # a byte order mark is no space that somebody typed
_BREAK = re.compile(f"\r\n?|[{_BREAKS}]")


def cleaned(sheet: Sheet, column: Column, raw: Sequence[str], values: set[str]) -> list[str]:
    """The column's texts as the eye sees them, with \\n for each line break; what that takes away is reported."""
    spaced, unseen, tidy = {}, {}, {}
    for value in values:
        text = _BREAK.sub("\n", value) if column.type == "multiline" else value
        tidy[value] = seen = clean(text)
        if value[0] in _AROUND or value[-1] in _AROUND:
            spaced[value] = _SPACED
        if seen != text and any(found := hidden(text)):
            unseen[value] = _invisible_fault(found)
    if spaced:
        sheet.report_faults(column, spaced, raw, raw, set())
    if unseen:
        _report_invisible(sheet, column, raw, unseen)
    return [tidy.get(text, text) for text in raw]


def _report_invisible(sheet: Sheet, column: Column, raw: Sequence[str], unseen: dict[str, Fault]) -> None:
    """value-invisible at each cell, or once for the column where many have it."""
    records = [record for record, text in enumerate(raw) if text in unseen]
    if len(records) <= AT_EACH_CELL:
        sheet.report_faults(column, unseen, raw, raw, set())
        return
    facts: dict[str, Any] = {"count": len(records)}
    for name in ("invisible", "spaces"):
        facts[name] = sorted({sign for fault in unseen.values() for sign in fault.facts[name]})
    sheet.report_cell("value-invisible", records[0], column, raw[records[0]], facts)


@lru_cache(maxsize=1024)  # a file full of them shares the facts
def _invisible_fault(found: Hidden) -> Fault:
    return Fault("value-invisible", {name: list(map(_codepoint, getattr(found, name))) for name in Hidden._fields})


def _codepoint(character: str) -> str:
    return f"U+{ord(character):04X}"


def control_characters(column: Column, values: set[str]) -> dict[str, Fault]:
    """The values with a control character inside, other than a line break in a multi-line column."""
    pattern = _CONTROL_BUT_BREAK if column.type == "multiline" else _CONTROL
    found = ((value, re.search(pattern, value)) for value in values)
    return {value: _control_fault(match.group(), match.start() + 1) for value, match in found if match}


@lru_cache(maxsize=1024)  # a file full of them shares the facts
def _control_fault(character: str, position: int) -> Fault:
    return Fault("value-control-character", {"codepoint": _codepoint(character), "position": position})
