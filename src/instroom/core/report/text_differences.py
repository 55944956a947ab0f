"""In what two texts differ: the pieces to mark, and words where the eye might miss it (product.md A5)."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from instroom.core.clean_text import clean, without_invisible
from instroom.core.language import Language
from instroom.core.report.visible import SHORT, visible
from instroom.core.report.words import words
from instroom.core.wording.phrases import listed

_ALIKE: Final = 0.75
"""Texts that have less in common than this are different words, and plain to see: marks would be all over them."""
_COMPARED_AT_MOST: Final = 2000  # characters; longer texts are remarks, in which a mark helps nobody
_SHOWN_BEFORE: Final = 15  # characters in front of the first difference in a long text
_NAMED_AT_MOST: Final = 3  # columns in one sentence, and pairs of characters

# Letters of other scripts, digits and signs that are drawn like a Latin one, after the confusables of Unicode (UTS 39).
_DRAWN_LIKE: Final = {
    "A": "АΑ", "B": "ВΒ", "C": "С", "E": "ЕΕ", "H": "НΗ", "I": "ІΙ", "J": "Ј", "K": "КΚ", "M": "МΜ", "N": "Ν",
    "O": "ОΟ0", "P": "РΡ", "S": "Ѕ", "T": "ТΤ", "X": "ХΧ", "Y": "УΥ", "Z": "Ζ", "a": "аα", "c": "с", "d": "ԁ", "e": "е",
    "h": "һհ", "i": "іι", "j": "ј", "k": "κ", "l": "ӏ1|", "n": "ո", "o": "оοօ", "p": "рρ", "q": "ԛ", "s": "ѕ",
    "u": "υս", "v": "ν", "w": "ԝ", "x": "х", "y": "у", "-": "‐‑‒–—−", "'": "‘’ʼʹ´`′", '"': "“”„″",
}  # fmt: skip
_DRAWN: Final = {ord(sign): letter for letter, signs in _DRAWN_LIKE.items() for sign in signs}
_DRAWN_AS_STROKE: Final = {**_DRAWN, **dict.fromkeys(map(ord, "IІΙ"), "l")}
_MARKS: Final = "[\u0300-\u036f]"
_SIGNS: Final = r"[^\w\s]|_"

Fold = Callable[[str], str]
KINDS: Final = ("invisible", "lookalikes", "case", "accents", "spaces", "punctuation")
"""In what texts can differ that look much the same; the ones that are plainest to see are last."""


class TextPiece(NamedTuple):
    """A part of a text, and whether the other text has something else there."""

    text: str
    differs: bool


def pieces(one: str, other: str) -> tuple[list[TextPiece], list[TextPiece]]:
    """The two texts in pieces. Texts that have little in common are one piece each, without a mark."""
    if not one or not other or len(one) + len(other) > _COMPARED_AT_MOST:
        return _whole(one), _whole(other)
    from difflib import SequenceMatcher  # noqa: PLC0415 - a report of a check does without

    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.ratio() < _ALIKE and not kinds_of_difference(one, other):
        return _whole(one), _whole(other)
    codes = matcher.get_opcodes()
    left = [TextPiece(one[start:end], tag != "equal") for tag, start, end, _, _ in codes if end > start]
    right = [TextPiece(other[start:end], tag != "equal") for tag, _, _, start, end in codes if end > start]
    return left, right


def _whole(text: str) -> list[TextPiece]:
    return [TextPiece(text, False)] if text else []


def difference_text(one: str, other: str, lang: Language) -> str:
    """What two texts that look much the same differ in: `letter case`, `‘а’ (Cyrillic) and ‘a’ (Latin)`; "" where the
    difference is plain to see, or where there is none."""
    if not one or not other or one == other:
        return ""
    kinds = kinds_of_difference(one, other)
    if not kinds:
        return ""
    texts = words(lang)["unlike"]
    said = [texts[kind].format(signs=_signs(one, other, lang)) for kind in kinds]
    return str(texts["only"].format(what=listed(said, lang)))


def kinds_of_difference(one: str, other: str) -> list[str]:
    """The fewest of KINDS that have to be overlooked for the texts to be equal; none where they are not."""
    for folds in (_folds(_DRAWN), _folds(_DRAWN_AS_STROKE)):
        if _equal(one, other, folds):
            for name in reversed(KINDS):
                fewer = {kind: fold for kind, fold in folds.items() if kind != name}
                folds = fewer if _equal(one, other, fewer) else folds
            return list(folds)
    return []


def _equal(one: str, other: str, folds: Mapping[str, Fold]) -> bool:
    for fold in folds.values():
        one, other = fold(one), fold(other)
    return one == other


def _folds(drawn: Mapping[int, str]) -> dict[str, Fold]:
    """In the order in which they are done."""
    return {
        "invisible": lambda text: without_invisible(clean(text)),
        "lookalikes": lambda text: unicodedata.normalize("NFKC", text).translate(drawn),
        "accents": lambda text: unicodedata.normalize("NFC", re.sub(_MARKS, "", unicodedata.normalize("NFD", text))),
        "case": str.casefold,
        "spaces": lambda text: text.replace(" ", "").replace("\n", ""),
        "punctuation": lambda text: re.sub(_SIGNS, "", text),
    }


def _signs(one: str, other: str, lang: Language) -> str:
    """The characters that look alike, each with what it is."""
    if len(one) != len(other):
        return ""
    texts = words(lang)["unlike"]
    pairs = [
        (left, right)
        for left, right in dict.fromkeys(zip(one, other, strict=True))
        if kinds_of_difference(left, right) == ["lookalikes"]
    ]
    said = [
        texts["pair"].format(one=left, other=right, what=_script(left, right, lang), than=_script(right, left, lang))
        for left, right in pairs[:_NAMED_AT_MOST]
    ]
    return f": {', '.join(said)}" if said else ""


def _script(character: str, beside: str, lang: Language) -> str:
    """Script, or letter or digit where one of two is a digit; the code point of any other sign."""
    names = words(lang)["script"]
    if character.isdecimal() or beside.isdecimal():
        return str(names["DIGIT" if character.isdecimal() else "LETTER"])
    script = unicodedata.name(character, "").partition(" ")[0]
    return str(names[script]) if script in names else f"U+{ord(character):04X}"


def record_differences_text(differences: Sequence[Mapping[str, Any]], lang: Language) -> str:
    """What two records say of one dossier: of each column both values. Each has `column`, `value`, `other` and the
    `row` of the other; an `odd` one differs from most."""
    texts = words(lang)["unlike"]
    said = []
    for one in differences[:_NAMED_AT_MOST]:
        value, other = _where_they_differ(one["value"], one["other"])
        shown = {name: texts["value"].format(text=text) if text else texts["blank"] for name, text in
                 (("value", value), ("other", other))}  # fmt: skip
        text = texts["instead" if one.get("odd") else "here"].format(
            column=visible(one["column"]), row=one["row"], **shown
        )
        only = difference_text(one["value"], one["other"], lang)
        said.append(f"{text} ({only})" if only else str(text))
    return "; ".join(said) + (" …" if len(differences) > _NAMED_AT_MOST else "")


def _where_they_differ(one: str, other: str) -> tuple[str, str]:
    """Both texts fit to show, long ones from just before where they begin to differ."""
    if max(len(one), len(other)) > SHORT:
        same = next(
            (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
        )
        if (start := same - _SHOWN_BEFORE) > 0:
            return visible("…" + one[start:]), visible("…" + other[start:])
    return visible(one), visible(other)
