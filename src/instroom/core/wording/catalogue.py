"""Texts for people as data: `NAME.nl.toml` and `NAME.en.toml` hold the same codes, with places for facts.

A place is `{name}`, or says how the fact is written:

    {most:number}       a number: 10.000 in Dutch, 10,000 in English
    {at:moment}         a datetime, on the clock that it has: 31-12-2027 09:00
    {names:or}          a list: `a, b of c`; also `and`
    {state:state}       a code, as the labels of that kind word it (`labels.nl.toml`)
    {roles:role or}     a list of codes

A fact that is a text for people itself (an error, say) has a method `sentence`, and is put in the reader's language.
"""

import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Final

from instroom.core.language import Language
from instroom.core.wording.phrases import either, listed, moment, number

_JOINED: Final[dict[str, Callable[[Sequence[str], Language], str]]] = {"or": either, "and": listed}


class Catalogue:
    """The texts of one file per language; a language is read when first asked for."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self.texts = cache(self._read)
        """Code → text, or subject → code → text, in a language."""

    def _read(self, lang: Language) -> dict[str, Any]:
        return tomllib.loads((self._folder / f"{self._name}.{lang}.toml").read_text(encoding="utf-8"))

    def text(self, code: str, lang: Language, /, **facts: object) -> str:
        """The text with its facts. Raises KeyError where there is no such code, or a fact is missing."""
        return _Writer(lang).vformat(self.texts(lang)[code], (), facts)


class _Writer(Formatter):
    """Writes facts in one language."""

    def __init__(self, lang: Language) -> None:
        self.lang = lang

    def format_field(self, value: Any, format_spec: str) -> str:
        *kind, join = format_spec.rsplit(" ", 1) if format_spec else [""]
        if join in _JOINED:
            return _JOINED[join]([self.format_field(one, *kind or [""]) for one in value], self.lang)
        if format_spec == "number":
            return number(value, self.lang)
        if format_spec == "moment":
            return moment(value, self.lang)
        if format_spec:
            return label(format_spec, value, self.lang)
        return value.sentence(self.lang) if hasattr(value, "sentence") else str(value)


LABELS: Final = Catalogue(Path(__file__).parent, "labels")


def label(kind: str, code: str, lang: Language) -> str:
    """What people call a code of ours: kind `state`, code `held`."""
    return str(LABELS.texts(lang)[kind][code])


def find_label(kind: str, code: str, lang: Language) -> str | None:
    """As `label`; None for a text that is no code of that kind, such as what a person wrote."""
    found: str | None = LABELS.texts(lang)[kind].get(code)
    return found


def state_word(state: str, lang: Language) -> str:
    """A delivery's state as people read it (product.md, states of a delivery)."""
    return label("state", state, lang)


def role_word(role: str, lang: Language) -> str:
    """What people call a role."""
    return label("role", role, lang)
