"""Texts that look equal are equal (product.md A5): the one clean form in which values are stored and compared.

Clean is NFC, without characters that cannot be seen, with one plain space between words and none at the ends of lines.
What changes how the characters around it look stays (`joiners.py`).
"""

import re
from typing import Final, NamedTuple
from unicodedata import is_normalized, normalize

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
_UNUSUAL: Final = re.compile(f"[{_INVISIBLE}{_OTHER_SPACE.pattern[1:-1]}]")
_SPACE_RUN: Final = re.compile(" {2,}")
_AROUND_BREAK: Final = re.compile(" (?=[\r\n])|(?<=[\r\n]) ")


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
            text = normalize("NFC", _OTHER_SPACE.sub(" ", _without_needless(text))).strip(SPACES)
    if "  " in text:
        text = _SPACE_RUN.sub(" ", text)
    return _AROUND_BREAK.sub("", text) if "\n" in text or "\r" in text else text


def _without_needless(text: str) -> str:
    from instroom.core.joiners import needed  # noqa: PLC0415 - for the rare text

    return re.sub(f"[{_INVISIBLE}]+", needed, text)


def without_invisible(text: str) -> str:
    """The text without any character that is not seen, those included that change how others look."""
    return normalize("NFC", re.sub(f"[{_INVISIBLE}]", "", text))


def all_clean(joined: str) -> bool:
    """Whether values without line breaks, joined by |, are clean; quick, and sure when true."""
    if not joined.isprintable():  # also false for every space but the common one
        return False
    if " " in joined and (" |" in joined or "| " in joined or "  " in joined or " " in (joined[0], joined[-1])):
        return False
    return joined.isascii() or (not _UNUSUAL.search(joined) and is_normalized("NFC", joined))


def is_hidden(character: str) -> bool:
    """Whether it is seen nowhere, or only as a space other than the plain one."""
    return bool(_UNUSUAL.match(character))


def hidden(text: str) -> Hidden:
    """What `clean` leaves out of a text and what it makes a plain space of, within the spaces around it."""
    inner, seen = trim(text), clean(text)
    gone = {
        character for character in re.findall(f"[{_INVISIBLE}]", text) if text.count(character) > seen.count(character)
    }
    spaces = set(_OTHER_SPACE.findall(inner))
    if "  " in inner or (not gone and not spaces and normalize("NFC", inner) != seen):
        spaces.add(" ")
    return Hidden("".join(sorted(gone)), "".join(sorted(spaces)))
