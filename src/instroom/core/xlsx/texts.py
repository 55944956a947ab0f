"""The text of a string in a workbook: plain, in runs with a layout of their own, with escapes."""

import re

from instroom.core.xlsx.refusal import damaged, unsafe

_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_SURROGATES = re.compile("[\ud800-\udfff]")
_EVENTS = 50_000  # in one string; the longest that spreadsheets keep has fewer runs
_CHARACTERS = 8 * 1024 * 1024  # in one string; a cell holds 32,767, and a longer one is told as too long


class Opening:
    """Stands in a list of events where an element opens."""


OPEN_TEXT = Opening()  # <t>
OPEN_PHONETIC = Opening()  # <rPh>: how to pronounce the text, no part of it
OPEN_OTHER = Opening()

Events = list[str | Opening]
"""What the parser met, in order: openings, pieces of text, and the names of the elements that closed."""


def unescape(text: str) -> str:
    """Decode `_x000D_` and its like (ECMA-376 part 1, 22.9.2.19 ST_Xstring)."""
    if "_x" not in text:
        return text
    decoded = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    if _SURROGATES.search(decoded):
        decoded = decoded.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return decoded


def text_of(events: Events, t: str, phonetic: str) -> str:
    """The text of a string, all its runs together. `t` and `phonetic` are the names of those elements."""
    parts: list[str] = []
    skipping = False
    for index, event in enumerate(events):
        if event is OPEN_PHONETIC:
            skipping = True
        elif event is OPEN_TEXT:
            pieces = _until_opening(events, index + 1)
            last = closing(pieces, t)
            if not skipping:
                parts += pieces[:last]
            skipping = skipping and phonetic not in pieces[last:]
    return unescape("".join(parts))


def closing(pieces: list[str], name: str) -> int:
    """Where the element closes whose text comes first in these pieces.

    A piece of text can equal a closing name; the closing one is the last, as only spaces and the names of elements
    around it come after it.
    """
    for index in range(len(pieces) - 1, -1, -1):
        if pieces[index] == name:
            return index
    raise damaged("xml")


def check_length(events: Events) -> None:
    """Raises Refused where a string has no end."""
    if len(events) > _EVENTS or (
        len(events) > 16 and sum(len(event) for event in events if isinstance(event, str)) > _CHARACTERS
    ):
        raise unsafe("bomb")


def _until_opening(events: Events, start: int) -> list[str]:
    pieces: list[str] = []
    for index in range(start, len(events)):
        event = events[index]
        if not isinstance(event, str):
            break
        pieces.append(event)
    return pieces
