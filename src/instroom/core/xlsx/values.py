"""What a cell shows, from what it holds: its kind, its raw text and its style."""

import re
from collections.abc import Callable
from typing import Final

from instroom.core.model import CellNote
from instroom.core.xlsx.dates import iso_text
from instroom.core.xlsx.formats import Section, Shown, sections, show
from instroom.core.xlsx.refusal import damaged
from instroom.core.xlsx.texts import unescape

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)
_PLAIN = re.compile(r"[1-9][0-9]{0,10}")  # a number whose digits are what any spreadsheet shows of it
_DIGITS = 400  # in one number: more than any double has
_REMEMBERED: Final = 50_000  # numbers, as columns of codes and dates repeat them
_BOOLEANS = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}

Value = Callable[[str | None, str, str], Shown]
"""(the cell's `t`, its raw text, its style number) → text and flags. Raises Refused for what no cell can hold."""


def values(codes: list[str], epoch_1904: bool) -> Value:
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
        if len(raw) > _DIGITS or not _NUMBER.fullmatch(raw):
            raise damaged("cell", value=raw[:50])
        parts = formats.get(style)
        if parts is None:
            parts = formats[style] = sections(_code(codes, style))
            if [part.kind for part in parts] == ["general"] and parts[0].condition is None:
                free.add(style)
        value = float(raw)
        if value in (float("inf"), float("-inf")):
            raise damaged("cell", value=raw[:50])
        return show(raw, value, parts, epoch_1904)

    def of(kind: str | None, raw: str, style: str) -> Shown:
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
            return _iso(raw)
        return number(raw, style)

    return of


def _code(codes: list[str], style: str) -> str:
    index = int(style) if style.isascii() and style.isdecimal() and len(style) < 8 else 0
    return codes[index] if index < len(codes) else "General"


def _iso(raw: str) -> Shown:
    text = iso_text(raw)
    if text is None:
        raise damaged("cell", value=raw[:50])
    return text, CellNote.DATE
