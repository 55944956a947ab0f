"""A number as its format shows it in a Dutch spreadsheet: a comma before the decimals, dots between thousands.

Dates come as `dd-mm-jjjj`, whatever order their format has. `General` gives all digits that a spreadsheet keeps
(fifteen), where the screen cuts them to the width of the column. Fractions (`# ?/?`) come as decimals.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from instroom.core.xlsx.cell_note import CellNote, date_note
from instroom.core.xlsx.dates import date_text, time_of_day
from instroom.core.xlsx.digits import general_text, in_pattern, scientific_text

Shown = tuple[str, int]
"""The text and its `CellNote` flags."""

_TOKEN = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]?|General|[AaPp]/[AaPp]|AM/PM|E[+-]|.', re.IGNORECASE | re.DOTALL)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)\]")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_CURRENCY = re.compile(r"\[\$([^-\]]*)")


class Section(NamedTuple):
    """One of the parts of a format that semicolons separate."""

    kind: str  # general, date, scientific, number or literal
    tokens: tuple[str, ...]
    condition: tuple[str, float] | None


def parse_format(code: str) -> list[Section]:
    """The sections of a format code that are for numbers; that for text (`@`) only where it is the only one."""
    split: list[list[str]] = [[]]
    for piece in _TOKEN.findall(code):
        if piece == ";":
            split.append([])
        else:
            split[-1].append(piece)
    numeric = [tokens for tokens in split if "@" not in tokens]
    sections = []
    for tokens in numeric or split[:1]:
        match = next(filter(None, map(_CONDITION.fullmatch, tokens)), None)
        condition = (match[1], float(match[2])) if match else None
        sections.append(Section(_kind(tokens), tuple(tokens), condition))
    return sections


def _kind(tokens: list[str]) -> str:
    codes = {token.lower() for token in tokens}
    if codes & {"general", "@"}:
        return "general"
    if codes & set("dmyhs") or any(_ELAPSED.fullmatch(token) for token in tokens):
        return "date"
    if codes & {"e+", "e-"}:
        return "scientific"
    if codes & set("0#?"):
        return "general" if "/" in codes else "number"
    return "literal"


def format_number(raw: str, value: float, parts: list[Section], epoch_1904: bool) -> Shown:
    """The number that a cell holds as `raw`, in the sections of its format."""
    section, signed = _choose(parts, value)
    if section.kind == "date":
        text = _date(value, section.tokens, epoch_1904)
        return (text, date_note(time_of_day(value))) if text is not None else general_text(raw, value)
    if section.kind == "scientific":
        return scientific_text(value, section.tokens), CellNote.SCIENTIFIC | CellNote.NUMBER
    if section.kind == "general":
        return general_text(raw, value)
    # To fifteen digits, as spreadsheets keep it; a longer whole number with all its digits.
    number = Decimal(raw) if raw.lstrip("-").isdecimal() else Decimal(format(value, ".15g"))
    text, padded = in_pattern(number if signed else abs(number), [_literal(token) for token in section.tokens])
    if padded:
        return text, 0
    plain, _ = general_text(raw, value)
    return text, CellNote.NUMBER if text.strip() == plain else CellNote.NUMBER | CellNote.FORMATTED


def _choose(parts: list[Section], value: float) -> tuple[Section, bool]:
    """The section for a value, and whether it shows the minus sign itself."""
    if any(part.condition for part in parts[:2]):
        for part in parts[:2]:
            if part.condition is None or _holds(part.condition, value):
                return part, True
        return parts[min(2, len(parts) - 1)], True
    if len(parts) == 1 or value > 0 or (value == 0 and len(parts) == 2):
        return parts[0], True
    return (parts[1], False) if value < 0 else (parts[2], True)


def _holds(condition: tuple[str, float], value: float) -> bool:
    sign, other = condition
    return (value < other and "<" in sign) or (value > other and ">" in sign) or (value == other and sign in "<=>=")


def _date(value: float, tokens: tuple[str, ...], epoch_1904: bool) -> str | None:
    codes = [token.lower() for token in tokens]
    elapsed = any(_ELAPSED.fullmatch(token) for token in tokens)
    seconds = "s" in codes or "[s]" in codes or "[ss]" in codes
    time = elapsed or "h" in codes or "s" in codes
    date = "d" in codes or "y" in codes or ("m" in codes and not time)
    return date_text(value, epoch_1904, date, time, elapsed, seconds)


def _literal(token: str) -> str:
    """The token as `in_pattern` takes it: digit codes as they are, literal text behind a quote."""
    if token[0] == '"':
        return '"' + token.strip('"')
    if token[0] == "\\":
        return '"' + token[1:]
    if token[0] == "[":
        currency = _CURRENCY.match(token)
        return '"' + (currency[1] if currency else "")
    if token[0] == "_":
        return '" '
    return '"' if token[0] == "*" else token
