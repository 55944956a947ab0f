"""Columns that take one of a list: choices, Ja or Nee, countries, languages. Letter case does not matter."""

from collections.abc import Iterable

from instroom.core.check.faults import Fault, Judgement
from instroom.core.layout.codes import countries, languages
from instroom.core.layout.loader import Column

_YES_NO = ("Ja", "Nee")
BOOLEANS = {"TRUE": "Ja", "WAAR": "Ja", "1": "Ja", "FALSE": "Nee", "ONWAAR": "Nee", "0": "Nee"}
"""How a workbook shows a yes or no of its own."""


class OneOf:
    """Judges whether a value is in a list, and gives it as the list writes it."""

    def __init__(self, values: Iterable[str], code: str, *, name_them: bool) -> None:
        """`name_them`: whether the finding holds the list; the ISO lists are too long for that."""
        values = tuple(values)
        self._written = {value.casefold(): value for value in values}
        self._fault = Fault(code, {"choices": list(values)} if name_them else {})

    def __call__(self, text: str, _context: str) -> Judgement:
        """The value as the list writes it, or the fault."""
        written = self._written.get(text.casefold())
        return self._fault if written is None else written


def one_of(column: Column) -> OneOf:
    """The judge of a column of type choice, yes_no, country, language or marker."""
    if column.type == "country":
        return OneOf(countries(), "value-country", name_them=False)
    if column.type == "language":
        return OneOf(languages(), "value-language", name_them=False)
    choices = _YES_NO if column.type == "yes_no" else column.choices
    return OneOf(choices, "value-not-in-list", name_them=True)
