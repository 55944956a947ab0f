"""Takes the items of a part (rows, shared strings) past the parser, as far as they are written in the usual way.

The parser calls Python for each element, and these calls are the time that reading takes. So items that a regular
expression proves to be in the form in which spreadsheets write them are taken by that; all else is given to the
parser as it stands, item by item. As an item is a whole element, what the parser sees is well-formed if and only if
the part is. The rules that keep the answer the same whichever way an item goes:

- only a part in UTF-8 with a plain beginning qualifies, and only up to where its items end;
- what takes items refuses nothing: whatever is odd in one is left to the parser, which refuses it in its own time;
- an item is taken only where another one follows right behind it, so the last one never is;
- after the parser took an item, it must be certain that it stands between two items; else it takes all the rest.
"""

import re
from typing import Final, Protocol

from instroom.core.xlsx.parts import Feed

_ITEM_BYTES: Final = 256 * 1024  # of one item, or of what comes before the first one
_ODD_ITEMS: Final = 1_000  # on end that are not in the usual form: then the others are not looked at any more
_DECLARATION: Final = (
    rb"(?:\xef\xbb\xbf)?(?:<\?xml version=[\"']1\.0[\"'](?: encoding=[\"'](?i:utf-8)[\"'])?"
    rb"(?: standalone=[\"'](?:yes|no)[\"'])?[ ]?\?>\s*+)?"
)
_CHARACTERS = r"[^<>&\x00-\x08\x0b-\x1f\ufffe\uffff]*+"  # not even a CR: the parser makes a line feed of it
_ENTITY = rf"&(?:amp|lt|gt|quot|apos);{_CHARACTERS}"
TEXT: Final = rf"{_CHARACTERS}(?:{_ENTITY}(?>(?:{_ENTITY})*)|)"
"""Text of an element, as it is and as `plain` decodes it."""
SPACE: Final = r"[ \t\r\n]*+"

GIVE_UP: Final = -1


class ItemTaker(Protocol):
    """Knows the items of one kind of part."""

    def ready(self) -> bool:
        """The parser has met all that comes before the first item: whether that is what it should be."""

    def take(self, text: str, position: int) -> int:
        """Take items from this position on, and tell where the first one begins that was not taken.

        GIVE_UP: it is better to leave all of them to the parser.
        """

    def settled(self) -> bool:
        """The parser has met a whole item: whether all is as if it stood before another."""


class FastPath:
    """Stands between the bytes of a part and its parser."""

    def __init__(self, feed: Feed, head: re.Pattern[bytes], item: str, end: bytes, taker: ItemTaker) -> None:
        """`head` is how a part begins that qualifies, `item` how an item opens, `end` what closes around all items."""
        self._feed, self._head, self._taker = feed, head, taker
        self._item, self._opening, self._end = item, item.encode(), end
        self._name = item.strip("<> ")
        self._rest = b""
        self._inside = False
        self._off = False
        self._odd = 0  # items on end that went to the parser

    def parse(self, chunk: bytes) -> None:
        """The next bytes of the part. Raises WorkbookError as the parser does."""
        if self._off:
            self._feed.parse(chunk)
            return
        data = self._rest + chunk
        self._rest = b""
        if self._inside or self._enter(data):
            self._divide(data if self._inside else self._pass_head(data))
        if self._off and self._rest:
            self._feed.parse(self._rest)
            self._rest = b""

    def finish(self) -> None:
        if self._rest:
            self._feed.parse(self._rest)
        self._feed.finish()

    def _enter(self, data: bytes) -> bool:
        """Whether the first item has come."""
        if self._opening in data:
            return True
        self._rest = data
        self._off = len(data) > _ITEM_BYTES
        return False

    def _pass_head(self, data: bytes) -> bytes:
        """Give what comes before the first item to the parser; what remains."""
        head, opening, items = data.partition(self._opening)
        self._inside = True
        self._feed.parse(head)
        self._off = not (self._head.fullmatch(head) and self._feed.between_tags and self._taker.ready())
        return opening + items

    def _divide(self, data: bytes) -> None:
        """Take the items that are whole by the look of it; the rest waits."""
        end = -1 if self._off else data.find(self._end)
        cut = data.rfind(self._opening, 0, end if end >= 0 else len(data))
        if self._off or (cut <= 0 and len(data) > _ITEM_BYTES):
            self._off, cut = True, 0
        self._rest = data[cut:]
        if cut > 0:
            self._take(data[:cut])
        self._off = self._off or end >= 0

    def _take(self, data: bytes) -> None:
        try:
            text = data.decode()
        except UnicodeDecodeError:
            self._off = True
            self._feed.parse(data)
            return
        position = 0
        while position < len(text):
            after = self._taker.take(text, position)
            if after == position:
                after = self._by_parser(text, position)
                self._odd += 1
            else:
                self._odd = 0
            if after == GIVE_UP:
                self._off = True
                self._feed.parse(text[position:].encode())
                return
            position = after

    def _by_parser(self, text: str, position: int) -> int:
        """Give one item to the parser; where the next one begins."""
        after = text.find(self._item, position + 1)
        after = len(text) if after < 0 else after
        item = text[position:after]
        self._feed.parse(item.encode())
        usual_enough = self._odd < _ODD_ITEMS
        if usual_enough and self._is_whole(item) and self._feed.between_tags and self._taker.settled():
            return after
        self._off = True
        self._feed.parse(text[after:].encode())
        return len(text)

    def _is_whole(self, item: str) -> bool:
        """Whether this ends with the end of the element that it begins with, once the parser had nothing against it."""
        if "<!" in item or "<?" in item:
            return False
        body = item.rstrip(" \t\r\n")
        if body.endswith("/>") and body.count("<") == 1:
            return True
        once = body.count(f"<{self._name}") == 1 == body.count(f"</{self._name}")
        return once and body.endswith(f"</{self._name}>")


def head_pattern(root: str, more: bytes) -> re.Pattern[bytes]:
    """A plain beginning: no comment, no document type, none of the items yet."""
    return re.compile(_DECLARATION + b"<" + root.encode() + more)


def decode_entities(text: str) -> str:
    """The text that a TEXT stands for."""
    if "&" not in text:
        return text
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&apos;", "'")
    return text.replace("&amp;", "&")
