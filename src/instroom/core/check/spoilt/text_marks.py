"""Marks by which programs make a spreadsheet keep a number as text: `="00123"` and `'00123` (value-text-mark).

A spreadsheet shows 00123 for both, and so does the supplier's own system (product.md A5): the mark is taken off.
"""

import re
from collections.abc import Sequence
from typing import Final

from instroom.core.check.faults import Fault
from instroom.core.check.sheet import Sheet
from instroom.core.keys import trim
from instroom.core.layout.loader import Column
from instroom.core.model import Severity

_FORMULA: Final = r'(?i)=\s*(?:"((?:[^"]|"")*)"|T\(\s*"((?:[^"]|"")*)"\s*\)|(?:TEXT|TEKST)\(\s*"([^"]*)"\s*[;,].*\))'
_OPEN: Final = r"""=\s*(?:["'“”„]{1,3}([^"'“”„]+)["'“”„]{0,3}|([0-9]{2,}))"""  # ="00123 and =""00123"", =00123
_APOSTROPHES: Final = "'\u2018\u2019`´"
_AS_TEXT: Final = r".([+0-9][0-9 ().,/+-]*)"
_CALCULATED: Final = (
    r"(?s)=\s*[+-]?(?:[A-Z][A-Z0-9.]*\(.*\)"  # =VLOOKUP(A2;Blad2!A:B;2)
    r"|(?:'?[\w .-]+'?!)?\$?[A-Z]{1,3}\$?[0-9]{1,7})"  # =Blad1!A2
)


def without_marks(sheet: Sheet, column: Column, texts: Sequence[str], values: set[str], joined: str) -> Sequence[str]:
    """The column's texts without such marks, which are reported."""
    if "=" not in joined and not any(map(joined.__contains__, _APOSTROPHES)):
        return texts
    bare = {value: text for value in values if (text := _bare(column, value)) is not None}
    if not bare:
        return texts
    faults = {}
    for value, text in bare.items():
        problem = "formula-text" if value[0] == "=" else "apostrophe"
        faults[value] = Fault("value-text-mark", {"problem": problem, "likely": text})
    sheet.report_faults(column, faults, texts, texts, set())
    return [bare.get(text, text) for text in texts]


def _bare(column: Column, value: str) -> str | None:
    if value[0] == "=" and (match := re.fullmatch(_FORMULA, value) or re.fullmatch(_OPEN, value)):
        inside = next(group for group in match.groups() if group is not None)
        return trim(inside.replace('""', '"'))
    if value[0] in _APOSTROPHES and column.type != "multiline" and (match := re.fullmatch(_AS_TEXT, value)):
        return trim(match[1])
    return None


def formulas(column: Column, values: set[str], joined: str) -> dict[str, Fault]:
    """The values that are a formula as text, where its outcome should stand: what that is, nobody can tell."""
    if "=" not in joined:
        return {}
    graver: Severity | None = "error" if column.required == "key" else None
    fault = Fault("value-text-mark", {"problem": "calculation"}, None, graver)
    return {value: fault for value in values if value[0] == "=" and re.fullmatch(_CALCULATED, value)}
