"""Texts that look equal are equal (product.md A5): the one clean form in which values are stored and compared.

Clean is NFC, without characters that cannot be seen, with one plain space between words and none at the ends of lines.
What changes how the characters around it look stays: joiners in Arabic and Indic scripts and in emoji, and selectors
behind ideographs, emoji and Mongolian letters (Unicode standard, sections 23.2 and 23.4; Technical Standard 51).
"""

import re
from typing import Final, NamedTuple
from unicodedata import category, combining, is_normalized, normalize

SPACES: Final = (
    " \t\r\n\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u2800\u3000"
    "\u3164\ufeff\uffa0"
)
"""What counts as space around a value. Not `str.strip()`'s own list: that also eats control characters such as
U+001C, which are a finding. The fillers of Hangul and the blank of Braille are no spaces to Unicode, but to the eye."""

_OTHER_SPACE: Final = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\u3164\uffa0]")
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff0-\ufffb\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Default_Ignorable_Code_Point, and the format characters (Cf) that are none of those and that nobody sees. Signs such
as U+0600, also format characters, are seen."""
_INVISIBLE_ONE: Final = re.compile(f"[{_INVISIBLE}]")
_INVISIBLE_RUN: Final = re.compile(f"[{_INVISIBLE}]+")
_UNUSUAL: Final = re.compile(f"[{_INVISIBLE}{_OTHER_SPACE.pattern[1:-1]}]")
_SPACE_RUN: Final = re.compile(" {2,}")
_AROUND_BREAK: Final = re.compile(" *([\r\n]+) *")

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


class Hidden(NamedTuple):
    """What the eye does not see in a text, each character once, in order of code point."""

    invisible: str
    """Characters that cleaning leaves out."""
    spaces: str
    """Other kinds of space than the plain one; the plain one where several stand in a row."""


def trim(text: str) -> str:
    """The text without the spaces around it."""
    return text.strip(SPACES)


def clean(text: str) -> str:
    """The text as the eye sees it; `clean(clean(x)) == clean(x)`. Control characters stay: they are a finding."""
    text = text.strip(SPACES)
    if not text.isascii():
        text, before = normalize("NFC", text), ""
        while text != before and _UNUSUAL.search(text):  # again, as composing can give a joiner other neighbours
            before = text
            text = normalize("NFC", _OTHER_SPACE.sub(" ", _INVISIBLE_RUN.sub(_needed, text))).strip(SPACES)
    if "  " in text:
        text = _SPACE_RUN.sub(" ", text)
    return _AROUND_BREAK.sub(r"\1", text) if "\n" in text or "\r" in text else text


def without_invisible(text: str) -> str:
    """The text without any character that is not seen, those included that change how others look."""
    return text if text.isascii() else normalize("NFC", _INVISIBLE_ONE.sub("", text))


def all_clean(joined: str) -> bool:
    """Whether values without line breaks, joined by |, are clean; quick, and sure when true."""
    if not joined.isprintable():  # also false for every space but the common one
        return False
    if " |" in joined or "| " in joined or joined.startswith(" ") or joined.endswith(" ") or "  " in joined:
        return False
    return joined.isascii() or (not _UNUSUAL.search(joined) and is_normalized("NFC", joined))


def is_hidden(character: str) -> bool:
    """Whether it is seen nowhere, or only as a space other than the plain one."""
    return bool(_UNUSUAL.match(character))


def hidden(text: str) -> Hidden:
    """What `clean` leaves out of a text and what it makes a plain space of, within the spaces around it."""
    inner, seen = trim(text), clean(text)
    gone = {character for character in _INVISIBLE_ONE.findall(text) if text.count(character) > seen.count(character)}
    spaces = set(_OTHER_SPACE.findall(inner))
    if "  " in inner or (not gone and not spaces and normalize("NFC", inner) != seen):
        spaces.add(" ")
    return Hidden("".join(sorted(gone)), "".join(sorted(spaces)))


def _needed(match: re.Match[str]) -> str:
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
