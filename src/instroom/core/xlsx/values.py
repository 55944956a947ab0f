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


def cell_values(codes: list[str], epoch_1904: bool) -> CellValue:
    """How cells of a workbook show, other than those with text of their own."""
    known: dict[tuple[str, str], Shown] = {}
    formats: dict[str, list[Section]] = {}
    free: set[str] = set()  # styles that show a number as it is

    def number(raw: str, style: str) -> Shown:
        if style in free and _PLAIN.fullmatch(raw):
            return raw, CellNote.NUMBER
        found = known.get((style, raw))
        if found is None:
            found = _number(raw, style)
            if len(known) >= _REMEMBERED:
                known.clear()
            known[style, raw] = found
        return found

    def _number(raw: str, style: str) -> Shown:
        if len(raw) > _DIGITS or not _NUMBER.fullmatch(raw) or isinf(value := float(raw)):
            return raw, CellNote.ERROR | CellNote.NO_NUMBER
        return format_number(raw, value, sections(style), epoch_1904)

    def sections(style: str) -> list[Section]:
        parts = formats.get(style)
        if parts is None:
            parts = formats[style] = parse_format(_code(codes, style))
            if [part.kind for part in parts] == ["general"] and parts[0].condition is None:
                free.add(style)
        return parts

    def iso(raw: str, style: str) -> Shown:
        """A moment as its format shows it, and in full where that is no format for dates."""
        moment = parse_iso(raw)
        if moment is None:
            return raw, CellNote.DATE
        serial = moment.serial
        if serial is not None and sections(style)[0].kind == "date":
            return format_number(raw, serial, sections(style)[:1], epoch_1904=False)
        return moment.text, date_note(moment.seconds)

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
            return iso(raw, style)
        return number(raw, style)

    return text_of


def _code(codes: list[str], style: str) -> str:
    index = int(style) if style.isascii() and style.isdecimal() and len(style) < 8 else 0
    return codes[index] if index < len(codes) else "General"
