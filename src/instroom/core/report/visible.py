"""Shows text from a file without letting it act: on a terminal, in a comment, in a sentence.

Control characters could drive a terminal (ECMA-48 escape sequences), direction overrides could make a value read as
another one (Unicode Technical Report 36, section 2.9): both are shown instead of obeyed. So are characters that nobody
sees, and any space but the plain one.
"""

import unicodedata
from typing import Final

from instroom.core.clean_text import is_hidden

_ACTING: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
SHORT: Final = 60
"""Characters of a value in a sentence; who wants all of it has the file."""


def visible(text: str, limit: int = SHORT) -> str:
    """The text on one line, every acting character as a sign, no longer than `limit` characters."""
    piece = text[: limit + 1]
    shown = piece if piece.isascii() and piece.isprintable() else "".join(map(_sign, piece))
    if len(text) > limit or len(shown) > limit:
        return shown[: limit - 1] + "…"
    return shown


def visible_lines(text: str, limit: int = SHORT) -> str:
    """As `visible`, of a text that may have several lines (a remark): each stays a line of its own."""
    return visible(text, limit).replace("␍␊", "\n").replace("␊", "\n").replace("␍", "\n")


def _sign(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)  # the control pictures of Unicode: ␀ … ␟
    if code == 0x7F:
        return "␡"
    if unicodedata.category(character) in _ACTING or is_hidden(character):
        return f"<U+{code:04X}>"
    return character
