"""Columns that take one of a list: choices, Ja or Nee, countries, languages. Letter case does not matter."""

from collections.abc import Iterable

from instroom.core.check.faults import Fault, Judgement
from instroom.core.check.judges.everyday_words import Meaning, folded, is_word, meaning_of, perhaps_country
from instroom.core.layout.codes import countries, languages
from instroom.core.layout.descriptions import choices_of
from instroom.core.layout.loader import Column

BOOLEANS = {"TRUE": "Ja", "WAAR": "Ja", "1": "Ja", "FALSE": "Nee", "ONWAAR": "Nee", "0": "Nee"}
"""How a workbook shows a yes or no of its own."""


class OneOf:
    """Judges whether a value is in a list, and gives it as the list writes it."""

    def __init__(self, values: Iterable[str], code: str, *, name_them: bool, meaning: Meaning | None = None) -> None:
        """`name_them`: whether the finding holds the list; the ISO lists are too long for that. `meaning` knows the
        words that stand for a value."""
        values = tuple(values)
        self._written = {value.casefold(): value for value in values}
        self._fault = Fault(code, {"choices": list(values)} if name_them else {})
        self._meaning = meaning

    def __call__(self, text: str, _context: str) -> Judgement:
        """The value as the list writes it, also where a word stands for it, or the fault."""
        if written := self._written.get(text.casefold()):
            return written
        if self._meaning and is_word(text) and (meant := self._written.get(folded(text)) or self._meaning(text)):
            return Fault("value-understood", {"likely": meant}, meant)
        if self._fault.code == "value-country" and (perhaps := perhaps_country(text)):
            return Fault("value-country", {"problem": "no-code"} if perhaps == "XK" else {"likely": perhaps})
        return self._fault


def one_of(column: Column) -> OneOf:
    """The judge of a column of type choice, yes_no, country, language or marker."""
    meaning = meaning_of(column)
    if column.type == "country":
        return OneOf(countries(), "value-country", name_them=False, meaning=meaning)
    if column.type == "language":
        return OneOf(languages(), "value-language", name_them=False, meaning=meaning)
    return OneOf(choices_of(column), "value-not-in-list", name_them=True, meaning=meaning)
