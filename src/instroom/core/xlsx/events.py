"""What the parser meets inside a row or a string: openings, texts and closings, in order and each of its own type.

Texts and closings are appended to one list by expat itself, without a call to Python, as that is where the time goes.
They can't be confused: expat takes the name of an element from its dictionary of names (`intern`), and `ElementNames`
puts objects of a type of their own in there.
"""

from typing import Final

from instroom.core.xlsx.refusal import damaged, unsafe

_LONGEST = 50_000  # events of one string; the longest that spreadsheets keep has fewer runs
_CHARACTERS = 8 * 1024 * 1024  # of one string; a cell holds 32,767, and a longer one is reported as too long


class ElementName(str):
    """The name of an element. Text from the file is a plain `str`, also where it spells the same."""

    __slots__ = ()


class ElementNames(dict[str, ElementName]):
    """The dictionary of names of one parser. A name closes as an `ElementName` from when it was added."""

    def add(self, name: str) -> ElementName:
        """The one object for this name."""
        known = self.get(name)
        if type(known) is not ElementName:
            known = self[name] = ElementName(name)
        return known


class Opening:
    """Stands in a list of events where an element opens."""


OPEN_TEXT: Final = Opening()  # <t>
OPEN_PHONETIC: Final = Opening()  # <rPh>: how to pronounce the text, no part of it
OPEN_OTHER: Final = Opening()

Events = list[str | Opening]


def has_closed(events: Events, name: ElementName) -> bool:
    """Whether an element of this name has closed since the last opening."""
    for event in reversed(events):
        if event is name:
            return True
        if isinstance(event, Opening):
            return False
    return False


def text_before(events: Events, name: ElementName, row: int) -> str:
    """The text of the one element that was open, up to where it closes. Raises Refused for text behind it."""
    pieces: list[str] = []
    closed = False
    for event in events:
        if event is name:
            closed = True
        elif type(event) is str:
            if not closed:
                pieces.append(event)
            elif not event.isspace():
                raise stray_text(row)
    if not closed:
        raise damaged("xml")
    return "".join(pieces)


def text_of_string(events: Events, t: ElementName, phonetic: ElementName, row: int = 0) -> str:
    """The text of a string, all its runs together. Raises Refused for text outside of its `<t>` elements."""
    pieces: list[str] = []
    inside = skipping = False
    for event in events:
        if type(event) is str:
            if not inside:
                if not event.isspace():
                    raise stray_text(row)
            elif not skipping:
                pieces.append(event)
        elif inside:
            if event is not t:
                raise damaged("xml")  # an element within the text
            inside = False
        elif event is OPEN_TEXT:
            inside = True
        elif event is OPEN_PHONETIC or event is phonetic:
            skipping = event is OPEN_PHONETIC
    if inside:
        raise damaged("xml")
    return "".join(pieces)


def refuse_text(events: Events, row: int = 0) -> None:
    """Raises Refused where a text that is not blank stands in none of the elements that opened here."""
    depth = 0
    for event in events:
        if isinstance(event, Opening):
            depth += 1
        elif type(event) is not str:
            depth = max(depth - 1, 0)
        elif not depth and not event.isspace():
            raise stray_text(row)


def refuse_endless(events: Events) -> None:
    """Raises Refused where a string has no end."""
    if len(events) > _LONGEST or (
        len(events) > 16 and sum(len(event) for event in events if isinstance(event, str)) > _CHARACTERS
    ):
        raise unsafe("bomb")


def stray_text(row: int) -> Exception:
    """Text where a workbook has none: in `row` or right behind it; 0: nobody knows where."""
    return damaged("stray-text", row=row) if row else damaged("stray-text")
