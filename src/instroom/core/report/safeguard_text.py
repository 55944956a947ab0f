"""What relaxes a safeguard, in words: what it is, how it was, and how it becomes."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from instroom.core.language import Language
from instroom.core.report.connection_text import guard_word
from instroom.core.report.words import words
from instroom.core.wording.phrases import number


class RelaxedLine(NamedTuple):
    """One safeguard, as it was and as it becomes."""

    what: str
    old: str
    new: str


def relaxed_lines(relaxes: Mapping[str, Any], lang: Language) -> list[RelaxedLine]:
    """`relaxes` is what `core.safeguards.relaxed` gives, or settings of an account of the file server."""
    said = words(lang)["safeguard"]
    return [
        RelaxedLine(
            said.get(name) or guard_word(name, lang), _value_text(name, old, lang), _value_text(name, new, lang)
        )
        for name, (old, new) in relaxes.items()
    ]


def _value_text(name: str, value: Any, lang: Language) -> str:
    said = words(lang)["safeguard_value"]
    if isinstance(value, bool):
        return str(said["yes" if value else "no"])
    if isinstance(value, str):
        return str(said[value])
    if isinstance(value, int):
        return number(value, lang)
    if name == "quiet_hours":
        return str(said["hours"].format(start=value[0], end=value[1]) if value[0] else said["any-time"])
    percent, most, least = value
    return str(said["guard"].format(percent=percent, most=number(most, lang), least=number(least, lang)))
