"""What a cell shows, from what it holds: its kind, its raw text and its style."""

import re
from collections.abc import Callable
from math import isinf
from typing import Final

from instroom.core.xlsx.cell_note import CellNote, date_note
from instroom.core.xlsx.dates import parse_iso
from instroom.core.xlsx.formats import Section, Shown, format_number, parse_format
from instroom.core.xlsx.texts import unescape

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)
_PLAIN = re.compile(r"[1-9][0-9]{0,10}")  # a number whose digits are what any spreadsheet shows of it
_DIGITS = 400  # in one number: more than any double has
_REMEMBERED: Final = 50_000  # numbers, as columns of codes and dates repeat them
_BOOLEANS = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}

CellValue = Callable[[str | None, str, str], Shown]
"""(the cell's `t`, its raw text, its style number) → text and flags. A number or date that is none comes as written."""


class _Formats:
    """The formats of cell styles, each parsed when it is first met."""

    def __init__(self, codes: list[str]) -> None:
        self._codes = codes
        self._parsed: dict[str, list[Section]] = {}
        self.free: set[str] = set()
        """Styles that show a number as it is."""

    def sections(self, style: str) -> list[Section]:
        parts = self._parsed.get(style)
        if parts is None:
            index = int(style) if style.isascii() and style.isdecimal() and len(style) < 8 else 0
            code = self._codes[index] if index < len(self._codes) else "General"
            parts = self._parsed[style] = parse_format(code)
            if [part.kind for part in parts] == ["general"] and parts[0].condition is None:
                self.free.add(style)
        return parts


def cell_values(codes: list[str], epoch_1904: bool) -> CellValue:
    """How cells of a workbook show, other than those with text of their own."""
    known: dict[tuple[str, str], Shown] = {}
    formats = _Formats(codes)
    free = formats.free

    def number(raw: str, style: str) -> Shown:
        if style in free and _PLAIN.fullmatch(raw):
            return raw, CellNote.NUMBER
        found = known.get((style, raw))
        if found is None:
            found = _number(raw, formats.sections(style), epoch_1904)
            if len(known) >= _REMEMBERED:
                known.clear()
            known[style, raw] = found
        return found

    def text_of(kind: str | None, raw: str, style: str) -> Shown:
        if kind in ("str", "inlineStr"):
            return unescape(raw), 0
        raw = raw.strip()
        if not raw:
            return "", 0
        if kind == "b":
            return _BOOLEANS.get(raw, raw), CellNote.BOOLEAN
        if kind == "e":
            return raw, CellNote.ERROR
        if kind == "d":
            return _moment(raw, formats.sections(style))
        return number(raw, style)

    return text_of


def _number(raw: str, sections: list[Section], epoch_1904: bool) -> Shown:
    if len(raw) > _DIGITS or not _NUMBER.fullmatch(raw) or isinf(value := float(raw)):
        return raw, CellNote.ERROR | CellNote.NO_NUMBER
    return format_number(raw, value, sections, epoch_1904)


def _moment(raw: str, sections: list[Section]) -> Shown:
    """An ISO date cell as its format shows it, and in full where that is no format for dates."""
    moment = parse_iso(raw)
    if moment is None:
        return raw, CellNote.DATE
    serial = moment.serial
    if serial is not None and sections[0].kind == "date":
        return format_number(raw, serial, sections[:1], epoch_1904=False)
    return moment.text, date_note(moment.seconds)
