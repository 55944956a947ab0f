"""Words a finding for people: what is wrong and what to do (product.md C2), in Dutch and in English.

The texts are data: `sentences.nl.toml` and `sentences.en.toml`, each read when first asked for.
"""

import re
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from instroom.core.language import Language
from instroom.core.layout.loader import Layout
from instroom.core.model import Finding
from instroom.core.report.facts import fact_text
from instroom.core.report.variants import variant
from instroom.core.report.words import words

_HERE: Final = Path(__file__).parent
_OPTIONAL: Final = re.compile(r"\[([^\]|]*)(?:\|([^\]]*))?\]")
_NAME: Final = re.compile(r"\{(\w+)\}")

SentenceKind = Literal["message", "remedy"]

VALUE: Final = "\x00"
"""Where a value goes in a `shape`. No fact holds it: control characters are shown as signs."""


class SentencePart(NamedTuple):
    """A part of a sentence that stands or falls as one."""

    text: str
    names: tuple[str, ...]
    """The facts that it needs."""
    otherwise: str
    """What stands there where one of them is not known."""


class Wording(NamedTuple):
    """All that one finding can say in one language."""

    title: str
    texts: dict[tuple[str, SentenceKind], tuple[SentencePart, ...]]
    """(variant, kind) → parts; the plain one has variant ""."""
    words: dict[str, dict[str, str]]
    """For a fact that is a code word: what to say for it."""


def title(code: str, lang: Language = "nl") -> str:
    """What kind of fault it is, in a few words without facts: fit for headings, counts and mails."""
    return wordings(lang)[code].title


def message(finding: Finding, layout: Layout, lang: Language = "nl") -> str:
    """What is wrong, in one or two sentences that read well without row and column."""
    return _render(finding, layout, lang, "message")


def remedy(finding: Finding, layout: Layout, lang: Language = "nl") -> str:
    """What the supplier can do about it."""
    return _render(finding, layout, lang, "remedy")


def sentences(code: str, lang: Language = "nl") -> list[tuple[str, str]]:
    """All that a finding can say, for a reference: message and remedy of each variant, an ellipsis for each fact."""
    texts = wordings(lang)[code].texts
    names = list(dict.fromkeys(name for name, _ in texts))
    kinds: tuple[SentenceKind, SentenceKind] = ("message", "remedy")
    variants = [[texts.get((name, kind)) or texts["", kind] for kind in kinds] for name in names]
    shown = [["".join(_part_text(part, lambda _: "…") for part in parts) for parts in variant] for variant in variants]
    return [(wrong, remedy) for wrong, remedy in shown]


@cache
def wordings(lang: Language) -> dict[str, Wording]:
    """Code → wording, for each finding of the catalogue."""
    data = tomllib.loads((_HERE / f"sentences.{lang}.toml").read_text(encoding="utf-8"))
    return {code: _wording(entry) for code, entry in data.items()}


def _wording(entry: dict[str, Any]) -> Wording:
    texts: dict[tuple[str, SentenceKind], tuple[SentencePart, ...]] = {}
    kinds: tuple[SentenceKind, SentenceKind] = ("message", "remedy")
    for name, source in (("", entry), *entry.get("variants", {}).items()):
        for kind in kinds:
            if kind in source:
                texts[name, kind] = _sentence_parts(source[kind])
    return Wording(entry["title"], texts, entry.get("words", {}))


def _sentence_parts(text: str) -> tuple[SentencePart, ...]:
    parts, end = [], 0
    for match in _OPTIONAL.finditer(text):
        parts.append(_sentence_part(text[end : match.start()]))
        parts.append(_sentence_part(match[1], match[2] or ""))
        end = match.end()
    return tuple(part for part in (*parts, _sentence_part(text[end:])) if part.text)


def _sentence_part(text: str, otherwise: str = "") -> SentencePart:
    return SentencePart(text, tuple(_NAME.findall(text)), otherwise)


def shape(finding: Finding, layout: Layout, lang: Language, kind: SentenceKind) -> str:
    """The sentence with `VALUE` for the finding's value, if it has one: the same for all findings of one kind."""
    wording = wordings(lang)[finding.code]
    parts = wording.texts.get((variant(finding), kind)) or wording.texts["", kind]

    def known(name: str) -> str | None:
        if name == "value":
            return VALUE if finding.value else None
        return fact_text(name, finding, layout, lang, wording.words.get(name, {}))

    said = "".join(_part_text(part, known) for part in parts)
    return f"{said}{_about_column(finding, layout, lang)}" if kind == "message" and "rows" in finding.facts else said


def _about_column(finding: Finding, layout: Layout, lang: Language) -> str:
    """What a finding that stands for a whole column adds: how many cells, and a few of them."""
    said = ""
    for name in ("count", "examples"):
        if text := fact_text(name, finding, layout, lang, {}):
            said += f" {words(lang)['column'][name].format_map({name: text})}"
    return said


def shown_value(finding: Finding, layout: Layout, lang: Language) -> str:
    """The finding's value as sentences show it; "" where it has none."""
    return fact_text("value", finding, layout, lang, wordings(lang)[finding.code].words.get("value", {})) or ""


def _render(finding: Finding, layout: Layout, lang: Language, kind: SentenceKind) -> str:
    text = shape(finding, layout, lang, kind)
    return text.replace(VALUE, shown_value(finding, layout, lang)) if VALUE in text else text


def _part_text(part: SentencePart, known: Callable[[str], str | None]) -> str:
    if not part.names:
        return part.text
    values = {name: known(name) for name in part.names}
    return part.otherwise if None in values.values() else part.text.format_map(values)
