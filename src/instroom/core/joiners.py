"""Invisible characters that change how the characters beside them look, and so are part of a text.

Joiners in Arabic and Indic scripts and in emoji, and selectors behind ideographs, emoji and Mongolian letters (Unicode
standard, sections 23.2 and 23.4; Technical Standard 51).
"""

import re
from typing import Final
from unicodedata import category, combining

_JOINERS: Final = "\u200c\u200d"
_ZERO_WIDTH_JOINER: Final = "\u200d"
_VIRAMA: Final = 9  # its combining class
_EMOJI_SELECTORS: Final = "\ufe0e\ufe0f"
_BLACK_FLAG: Final = "\U0001f3f4"
_TAGS: Final = re.compile("[\U000e0020-\U000e007e]+\U000e007f")
_KEYCAP: Final = "\u20e3"
_JOINING_SCRIPTS: Final = re.compile(  # Arabic to Myanmar, Khmer and Mongolian, Limbu to Vedic, Indic, Arabic forms, …
    "[\u0600-\u109f\u1780-\u18af\u1900-\u1cff\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc"
    "\U00010a00-\U00010aff\U00010d00-\U00010fff\U00011000-\U00011fff\U0001e900-\U0001e95f]"
)
_IDEOGRAPH: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_IDEOGRAPH_SELECTOR: Final = re.compile("[\ufe00-\ufe02\U000e0100-\U000e01ef]")
_MONGOLIAN: Final = re.compile("[\u1820-\u18aa]")
_MONGOLIAN_SELECTOR: Final = re.compile("[\u180b-\u180f]")


def needed(match: re.Match[str]) -> str:
    """Of a run of invisible characters those that change how the characters beside it look."""
    text, run = match.string, match.group()
    before, after = text[: match.start()][-1:], text[match.end() : match.end() + 1]
    if not before:
        return ""
    if _is_emoji(before):
        return _within_emoji(before, run, after)
    if _IDEOGRAPH.match(before):
        return _first(_IDEOGRAPH_SELECTOR, run)
    if after == _KEYCAP and before in "0123456789#*":
        return "\ufe0f" if "\ufe0f" in run else ""
    selector = _first(_MONGOLIAN_SELECTOR, run) if _MONGOLIAN.match(before) else ""
    return selector or _joiner(before, run, after)


def _joiner(before: str, run: str, after: str) -> str:
    joiner = next((character for character in run if character in _JOINERS), "")
    if joiner == _ZERO_WIDTH_JOINER and combining(before) == _VIRAMA:
        return joiner  # shows half a letter, also at the end of a word
    return joiner if _joins(before) and _joins(after) else ""


def _joins(character: str) -> bool:
    """Whether it is a letter, or a mark on one, of a script in which letters take the form of their neighbours."""
    return bool(_JOINING_SCRIPTS.match(character)) and category(character)[0] in "LM"


def _is_emoji(character: str) -> bool:
    """Whether it is a symbol that can be an emoji, or the tone of a skin. Not ©, ® or ™, which names end in."""
    return (character >= "\u2190" and category(character) == "So") or "\U0001f3fb" <= character <= "\U0001f3ff"


def _within_emoji(before: str, run: str, after: str) -> str:
    if before == _BLACK_FLAG and (tags := _TAGS.match(run)):
        return tags.group()
    selector = next((character for character in run if character in _EMOJI_SELECTORS), "")
    joined = _ZERO_WIDTH_JOINER in run and after and _is_emoji(after)
    return selector + (_ZERO_WIDTH_JOINER if joined else "")


def _first(pattern: re.Pattern[str], run: str) -> str:
    found = pattern.search(run)
    return found.group() if found else ""
