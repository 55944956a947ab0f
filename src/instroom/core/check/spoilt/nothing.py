"""Words for nothing: NULL, nan, n.v.t., - and their like (value-nothing, product.md A5).

As a key one would join all persons without a company to one company called "-". Where a real value can look the same,
as the surname Null does, it is only a warning.
"""

import re
from collections.abc import Sequence
from typing import Final, Literal

from instroom.core.check.faults import Fault
from instroom.core.check.judges.everyday_words import meaning_of
from instroom.core.check.sheet import Sheet
from instroom.core.check.spoilt.words_for_nothing import (
    CERTAIN,
    DECORATION,
    LONGEST_DECORATED,
    NO_DATE,
    NO_KEY,
    NOT_AVAILABLE,
    NOT_CHOSEN,
    NOT_FILLED_IN,
    NOTHING_IN_DECORATION,
    SIGNS_OF_DECORATION,
)
from instroom.core.layout.loader import Column

_REAL_NAMES: Final = frozenset("Nan Nil Leeg Blank Empty".split())
_PERHAPS_NAMES: Final = frozenset("Null None NA".split())
_INITIALS: Final = frozenset("N.A. n.a. N.A n.a NA K.A. k.a.".split())
_NAME_FIELDS: Final = frozenset(
    "name title first_name surname_prefix surname place_of_birth city street attention".split()
)
_KEEP_NO_WORD: Final = frozenset("date email choice yes_no country language free_field_definition".split())
"""Types of column in which no such word is a value."""

_SIGN_FIRST = re.compile(r"\|[\W_]")

_Problem = Literal["key", "required", "name", "typed", "kept", "blank"]
_FAULTS: Final[dict[_Problem, Fault]] = {
    "key": Fault("value-nothing", {"problem": "key"}, None, "error"),
    "required": Fault("value-nothing", {"problem": "required"}, None, "error"),
    "name": Fault("value-nothing", {"problem": "name"}),
    "typed": Fault("value-nothing", {"problem": "typed"}, None, "error"),
    "kept": Fault("value-nothing", {"problem": "kept"}),
    "blank": Fault("value-nothing", {"problem": "blank"}, None, "notice"),
}


def nothing_faults(column: Column, values: set[str], joined: str) -> dict[str, Fault]:
    """The values that are a word for nothing; `joined` is all of them with | between."""
    if column.type == "marker":
        return {}
    found = (values & _words_of(column)) | (values & NOT_CHOSEN)
    if _may_be_decorated(joined):
        found |= _decorated(values)
    if column.type == "choice" and found and (meaning := meaning_of(column)):
        found = {value for value in found if not meaning(value)}  # not known is a gender
    required = column.required in ("key", "yes") or column.type == "date"
    if required and _SIGN_FIRST.search(f"|{joined}"):
        found |= {value for value in values if not value[0].isalnum() and not any(map(str.isalnum, value))}
    return {value: _FAULTS[_problem(column, value)] for value in found}


def _may_be_decorated(text: str) -> bool:
    """Whether one value, or any of several with | between, has a sign of it."""
    text = f"|{text}|"
    return any(rarest in text and sign in text for sign, rarest in SIGNS_OF_DECORATION.items())


def _decorated(values: set[str]) -> set[str]:
    return {
        value
        for value in values
        if (value[0] in DECORATION or value[-1] in DECORATION)
        and len(value) <= LONGEST_DECORATED
        and (value.strip(DECORATION).lower() in NOTHING_IN_DECORATION or value.startswith(NOT_FILLED_IN))
        and _may_be_decorated(value)  # on its own: what stands in other cells says nothing about it
    }


def _words_of(column: Column) -> frozenset[str]:
    words = CERTAIN
    if column.required == "key" or column.type == "email":
        return words | NOT_AVAILABLE | NO_KEY
    if column.type in ("country", "language"):
        return words
    if column.type == "date":
        return words | NO_KEY | NOT_AVAILABLE | NO_DATE
    if column.field == "initials":
        return words - _INITIALS
    if column.type == "choice":
        return (words | NOT_AVAILABLE) - set(column.choices)
    if column.required == "yes":
        words |= NO_KEY
    name = column.field.rpartition(".")[2]
    return (words | NOT_AVAILABLE) - (_REAL_NAMES if name in _NAME_FIELDS else set())


def _problem(column: Column, value: str) -> _Problem:
    if column.required == "key":
        return "key"
    if column.required == "yes":
        return "name" if value in _PERHAPS_NAMES or (value in NO_KEY and value[0].isalnum()) else "required"
    if value in _PERHAPS_NAMES and column.field.rpartition(".")[2] in _NAME_FIELDS:
        return "name"
    return "typed" if column.type in _KEEP_NO_WORD else "kept"


def blanked(sheet: Sheet, column: Column, texts: Sequence[str]) -> Sequence[str]:
    """The column's texts where the policy reads such words as blank: not as a key, nor where a value is required."""
    values = set(texts) - {""}
    faults = {
        value: _FAULTS["blank"]
        for value, fault in nothing_faults(column, values, "|".join(values)).items()
        if fault.facts["problem"] in ("typed", "kept")
    }
    if not faults or column.required in ("key", "yes"):
        return texts
    sheet.report_faults(column, faults, texts, texts, set())
    return ["" if text in faults else text for text in texts]
