"""The shared strings of a workbook."""

import re
import sys

from instroom.core.xlsx.errors import damaged, unsafe
from instroom.core.xlsx.events import (
    OPEN_OTHER,
    OPEN_PHONETIC,
    OPEN_TEXT,
    ElementName,
    ElementNames,
    Events,
    has_closed,
    refuse_endless,
    refuse_text,
    text_of_string,
)
from instroom.core.xlsx.fast_path import SPACE, TEXT, FastPath, decode_entities, head_pattern
from instroom.core.xlsx.limits import Limits
from instroom.core.xlsx.package import Package
from instroom.core.xlsx.parts import Attributes, Feed, local_name, new_parser
from instroom.core.xlsx.texts import unescape

_WEIGHT = 80 * 1024 * 1024  # bytes of memory, about
_PLACE = 8  # bytes of a place in a list

_HEAD = head_pattern("sst", rb"(?: [^<>]*+)?>\s*+")
_USUAL = re.compile(rf'(?>(?:<si><t(?: xml:space="preserve")?>{TEXT}</t></si>{SPACE}(?=<si>|\Z))+)')
_TEXTS = re.compile(r"<t[^<>]*+>([^<]*+)")


def memory_size(text: str) -> int:
    """How many bytes of memory a text in a list takes."""
    return sys.getsizeof(text) + _PLACE


def read_strings(package: Package, part: str | None, limits: Limits) -> list[str]:
    """The shared strings by their number. Raises WorkbookError where they are damaged or more than fit in memory."""
    if part is None:
        return []
    names = ElementNames()
    reading = _Strings(limits.cell_characters, names)
    made = new_parser(names)
    made.StartElementHandler = reading.start
    made.EndElementHandler = reading.events.append
    made.CharacterDataHandler = reading.events.append
    fast_path = FastPath(Feed(made, part), _HEAD, "<si>", b"</sst>", reading)
    for chunk in package.chunks(part):
        fast_path.parse(chunk)
        refuse_endless(reading.events)
        if reading.weight > _WEIGHT:
            raise unsafe("bomb", part=part)
    fast_path.finish()
    reading.keep()
    return reading.strings


class _Strings:
    """Collects the strings: each is kept when the next one starts, so that closing needs no call."""

    __slots__ = ("_longest", "_names", "_opened", "_phonetic", "_prefix", "_si", "_t", "events", "strings", "weight")

    def __init__(self, longest: int, names: ElementNames) -> None:
        self._longest = longest
        self._names = names
        self._prefix: str | None = None
        self._si = self._t = self._phonetic = ElementName()
        self._opened = False
        self.strings: list[str] = []
        self.events: Events = []
        self.weight = 0

    def start(self, name: str, _: Attributes) -> None:
        if name is self._t:
            self.events.append(OPEN_TEXT)
        elif name is self._si:
            self.keep()
            self._opened = True
        elif self._prefix is None:
            self._root(name)
        else:
            if has_closed(self.events, self._si):
                self.keep()
                self._opened = False  # this one stands behind the strings
            self._names.add(name)
            self.events.append(OPEN_PHONETIC if name is self._phonetic else OPEN_OTHER)

    def _root(self, name: str) -> None:
        prefix = self._prefix = name.removesuffix(local_name(name))
        self._names.add(name)
        self._si, self._t, self._phonetic = (self._names.add(f"{prefix}{element}") for element in ("si", "t", "rPh"))

    def ready(self) -> bool:
        """Whether no string has come yet (`ItemTaker.ready`)."""
        return not self._opened

    def take(self, text: str, position: int) -> int:
        """Strings in their usual form (`ItemTaker.take`)."""
        usual = _USUAL.match(text, position)
        if usual is None:
            return position
        self.keep()
        self._opened = False
        texts = _TEXTS.findall(text, *usual.span())
        if "&" in text or "_x" in text:
            texts = [unescape(decode_entities(raw)) for raw in texts]
        if max(map(len, texts)) > self._longest:
            texts = [raw[: self._longest + 1] for raw in texts]
        self.strings += texts
        self.weight += sum(map(memory_size, texts))
        return usual.end()

    def settled(self) -> bool:
        """The parser has met a whole string, which is kept when the next one comes (`ItemTaker.settled`)."""
        return True

    def keep(self) -> None:
        """Keep the string that has come in, if there is one."""
        events = self.events
        if self._opened:
            if len(events) == 4 and events[0] is OPEN_TEXT and events[2] is self._t and events[3] is self._si:
                text = unescape(str(events[1]))
            else:
                if not has_closed(events, self._si):
                    raise damaged("xml")
                text = unescape(text_of_string(events, self._t, self._phonetic))
            text = text[: self._longest + 1]
            self.strings.append(text)
            self.weight += memory_size(text)
        else:
            refuse_text(events)
        events.clear()
