"""Words for nothing: NULL, nan, n.v.t., - and their like (value-nothing, product.md A5).

As a key one would join all persons without a company to one company called "-". Where a real value can look the same,
as the surname Null does, it is only a warning.
"""

from collections.abc import Sequence
from typing import Final, Literal

from instroom.core.check.faults import Fault
from instroom.core.check.sheet import Sheet
from instroom.core.layout.loader import Column

_SIGNS = (
    r"""\N - -- --- ---- ----- ‐ ‑ – — − '' "" N/A n/a N.A. n.a. N.A n.a NaN NaT <NA> k.A. DBNull {} [] () <>""".split()
)
_WORDS = "n/b null nan none nil n.v.t. n.v.t nvt nvt. n/v/t leeg blank empty undefined k.a. néant dbnull".split()
_PHRASES = (
    *("niet van toepassing", "not applicable", "not available", "geen waarde", "no value", "n / a", "- -"),
    *("keine angabe", "sans objet", "sin datos", "niet ingevuld", "[object Object]"),
    *("maak een keuze", "maak uw keuze", "-- kies --", "--kies--", "kies...", "selecteer...", "selecteer een waarde"),
    *("select...", "-- select --", "--select--", "please select", "bitte wählen", "bitte auswählen"),
)
_IN_BRACKETS: Final = (*"leeg blank blanks empty none null geen niets select".split(), "niet ingevuld", "geen waarde")
_BRACKETS: Final = ("()", "[]", "<>", "{}")


def _spellings(words: Sequence[str]) -> set[str]:
    return {spelling for word in words for spelling in (word, word.lower(), word.upper(), word.capitalize())}


_CERTAIN: Final = frozenset(
    _spellings([*_SIGNS, *_WORDS, *_PHRASES])
    | {f"{left}{word}{right}" for left, right in _BRACKETS for word in _spellings(_IN_BRACKETS)}
)
_NOT_AVAILABLE: Final = frozenset(("NA",))  # as R writes it; elsewhere Namibia, or initials
_NO_KEY: Final = frozenset(
    _spellings("geen onbekend unknown niet niks nihil tbd nb n.b. ? ?? . .. x xx xxx * _ /".split())
    | _spellings(("niet bekend", "not known", "nog niet bekend"))
)
_NO_DATE: Final = frozenset("0000-00-00 00-00-0000 00/00/0000 00.00.0000 0-0-0000 00-01-1900 0-1-1900".split())
_NO_DATE_TIME: Final = frozenset(("0000-00-00 00:00:00", "00-00-0000 00:00:00"))
_REAL_NAMES: Final = frozenset("Nan Nil Leeg Blank Empty".split())
_PERHAPS_NAMES: Final = frozenset("Null None NA".split())
_INITIALS: Final = frozenset("N.A. n.a. N.A n.a NA K.A. k.a.".split())
_NAME_FIELDS: Final = frozenset(
    "name title first_name surname_prefix surname place_of_birth city street attention".split()
)
_KEEP_NO_WORD: Final = frozenset("date email choice yes_no country language free_field_definition".split())
"""Types of column in which no such word is a value."""

_Problem = Literal["key", "required", "typed", "kept", "blank"]
_FAULTS: Final[dict[_Problem, Fault]] = {
    "key": Fault("value-nothing", {"problem": "key"}, None, "error"),
    "required": Fault("value-nothing", {"problem": "required"}, None, "error"),
    "typed": Fault("value-nothing", {"problem": "typed"}, None, "error"),
    "kept": Fault("value-nothing", {"problem": "kept"}),
    "blank": Fault("value-nothing", {"problem": "blank"}, None, "notice"),
}


def nothing_faults(column: Column, values: set[str]) -> dict[str, Fault]:
    """The values that are a word for nothing."""
    if column.type == "marker":
        return {}
    found = values & _words_of(column)
    if column.required in ("key", "yes"):
        found |= {value for value in values if not value[0].isalnum() and not any(map(str.isalnum, value))}
    return {value: _FAULTS[_problem(column, value)] for value in found}


def _words_of(column: Column) -> frozenset[str]:
    words = _CERTAIN
    if column.required == "key" or column.type == "email":
        return words | _NOT_AVAILABLE | _NO_KEY
    if column.type in ("country", "language"):
        return words
    if column.type == "date":
        return words | _NO_KEY | _NOT_AVAILABLE | _NO_DATE | _NO_DATE_TIME
    if column.field == "initials":
        return words - _INITIALS
    if column.type == "choice":
        return (words | _NOT_AVAILABLE) - set(column.choices)
    if column.required == "yes":
        words |= _NO_KEY
    name = column.field.rpartition(".")[2]
    return (words | _NOT_AVAILABLE) - (_REAL_NAMES if name in _NAME_FIELDS else set())


def _problem(column: Column, value: str) -> _Problem:
    if column.required == "key":
        return "key"
    if column.required == "yes":
        return "kept" if value in _PERHAPS_NAMES or (value in _NO_KEY and value[0].isalnum()) else "required"
    return "typed" if column.type in _KEEP_NO_WORD else "kept"


def blanked(sheet: Sheet, column: Column, texts: Sequence[str], values: set[str]) -> Sequence[str]:
    """The column's texts where the policy reads such words as blank: not as a key, nor where a value is required."""
    names = _PERHAPS_NAMES if column.field.rpartition(".")[2] in _NAME_FIELDS else frozenset()
    faults = {
        value: _FAULTS["blank"]
        for value, fault in nothing_faults(column, values).items()
        if fault.facts["problem"] in ("typed", "kept") and value not in names
    }
    if not faults or column.required in ("key", "yes"):
        return texts
    sheet.report_faults(column, faults, texts, texts, set())
    return ["" if text in faults else text for text in texts]
