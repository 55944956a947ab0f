"""Text that was written in one encoding and read in another: what it looks like it was.

UTF-8 that was read as Windows-1252 (JosÃ©), Mac Roman (Jos√©) or code page 850 (Jos├®), also twice; and DOS text that
was read as Windows-1252 (Ren‚e).
"""

import re
from collections import defaultdict
from functools import cache
from typing import Final

_READ_AS: Final = ("cp1252", "mac_roman", "cp850", "cp437")
_MOST_ROUNDS: Final = 3
_LETTERS = re.compile(
    "[\u00a0-\u024f\u1e00-\u1eff\u2010-\u2044\u20ac\u2116\u2122\ufb00-\ufb06\ufffd]"
)  # Latin, and signs
_SIDE_BY_SIDE = re.compile("[^\x00-\x7f]{2}")
_DOS = re.compile("(?<=[^\\W\\d_])(?:[‚‰]|[„‡ˆ‹”](?=[^\\W\\d_]))")  # Ren‚ and Zo‰ end in é and ë


@cache
def _characters(encoding: str) -> dict[str, int]:
    """Each character of a code page with its byte, for the bytes above ASCII. Some programs read the first of them as
    the control characters of the same number."""
    table = {chr(byte): byte for byte in range(0x80, 0xA0)}
    return table | {bytes([byte]).decode(encoding, "ignore") or chr(byte): byte for byte in range(0x80, 0x100)}


_LEADS: Final = (b"\xc2\xc3\xc4\xc5\xce\xcf\xd0\xd1", b"\xe1\xe2\xef")
"""First bytes of Latin, Greek and Cyrillic letters, and of punctuation; of two and of three bytes."""
_LEADS_ELSEWHERE: Final = (b"\xc2\xc3\xc4\xc5", b"\xe2")  # others are quotes and letters there


@cache
def _sequences(encoding: str) -> re.Pattern[str]:
    """Runs of characters that stand for one character in UTF-8."""
    by_byte: defaultdict[int, str] = defaultdict(str)
    for character, byte in _characters(encoding).items():
        by_byte[byte] += re.escape(character)
    inner = "[" + "".join(by_byte[byte] for byte in range(0x80, 0xC0)) + "]"
    two, three = _LEADS if encoding == "cp1252" else _LEADS_ELSEWHERE
    parts = ["[" + "".join(map(by_byte.__getitem__, leads)) + "]" for leads in (two, three)]
    return re.compile(f"{parts[0]}{inner}|{parts[1]}{inner}{inner}")


def may_be_garbled(joined: str) -> bool:
    """Whether one of the texts that are joined may have been read in the wrong encoding; quick, and sure when false."""
    if _DOS.search(joined):
        return True
    return bool(_SIDE_BY_SIDE.search(joined)) and any(_sequences(encoding).search(joined) for encoding in _READ_AS)


def mended(text: str) -> str | None:
    """The text that this looks like it was; None where it looks as it should."""
    found = [better for encoding in _READ_AS if (better := _decoded(text, encoding)) is not None]
    if found:
        better = min(found, key=len)  # the one that explains most
        for _ in range(_MOST_ROUNDS - 1):  # garbled twice
            better = _decoded(better, "cp1252") or better
        return better
    if _DOS.search(text):
        return _DOS.sub(lambda match: bytes([_characters("cp1252")[match.group()]]).decode("cp850"), text)
    return None


def _decoded(text: str, encoding: str) -> str | None:
    table, found = _characters(encoding), 0

    def decode(match: re.Match[str]) -> str:
        nonlocal found
        try:
            character = bytes(table[one] for one in match.group()).decode("utf-8")
        except UnicodeDecodeError:
            return match.group()
        if not (_LETTERS.match(character) or character.isalpha()):
            return match.group()
        found += 1 if _LETTERS.match(character) else 0
        others.append(character)
        return character

    others: list[str] = []
    better = _sequences(encoding).sub(decode, text)
    # Cyrillic and Greek are told by more than one letter: a single one is an accent beside a sign.
    return better if found or len(others) > 1 else None
