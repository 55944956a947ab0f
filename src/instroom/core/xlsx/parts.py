"""One XML part of a workbook, through a parser that takes no DTD and no deep or endless element."""

from collections.abc import Callable
from typing import NoReturn
from xml.parsers import expat

from instroom.core.xlsx.errors import damaged, unsafe
from instroom.core.xlsx.events import ElementNames
from instroom.core.xlsx.limits import Limits
from instroom.core.xlsx.package import Package

_TOKEN = 1024 * 1024  # bytes of one tag, comment or attribute; expat keeps it whole, and reads it again each time
_ELEMENTS = 4_000_000  # in a part that is not a sheet

Attributes = dict[str, str]
Start = Callable[[str, Attributes], object]


def _refuse(*_: object) -> NoReturn:
    raise unsafe("entities")


def new_parser(names: ElementNames | None = None) -> expat.XMLParserType:
    """An expat parser that refuses a DTD, and with it every entity (product.md, finding file-unsafe)."""
    made = expat.ParserCreate(intern=names)
    made.buffer_text = True
    made.StartDoctypeDeclHandler = _refuse
    made.EntityDeclHandler = _refuse
    made.ExternalEntityRefHandler = _refuse
    return made


class Feed:
    """Gives a part to its parser, in pieces. Raises WorkbookError where it is no XML or holds an endless token."""

    def __init__(self, made: expat.XMLParserType, part: str) -> None:
        self._parser, self._part = made, part
        self._fed = 0

    @property
    def between_tags(self) -> bool:
        """Whether the parser is done with all that it was given: no tag, comment or text is half read."""
        return bool(self._parser.CurrentByteIndex == self._fed)

    def parse(self, data: bytes) -> None:
        self._parse(data, last=False)
        self._fed += len(data)
        if self._fed - self._parser.CurrentByteIndex > _TOKEN:
            raise unsafe("bomb", part=self._part)

    def finish(self) -> None:
        self._parse(b"", last=True)

    def _parse(self, data: bytes, last: bool) -> None:
        try:
            self._parser.Parse(data, last)
        except (expat.ExpatError, UnicodeError, LookupError, ValueError) as error:
            raise damaged("xml", part=self._part) from error


def local_name(name: str) -> str:
    """The name without its namespace prefix."""
    return name.rpartition(":")[2]


def walk_part(
    package: Package,
    part: str,
    limits: Limits,
    start: Start,
    end: Callable[[str], object] | None = None,
    text: Callable[[str], object] | None = None,
) -> None:
    """Call `start` and `end` with the local name of each element of a part, and `text` with the text between.

    Not meant for sheets and shared strings, which are large.
    """
    made = new_parser()
    depth = seen = 0

    def on_start(name: str, attributes: Attributes) -> None:
        nonlocal depth, seen
        depth += 1
        seen += 1
        if depth > limits.xml_depth:
            raise unsafe("depth", part=part)
        if seen > _ELEMENTS:
            raise unsafe("bomb", part=part)
        start(local_name(name), attributes)

    def on_end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(local_name(name))

    made.StartElementHandler = on_start
    made.EndElementHandler = on_end
    made.CharacterDataHandler = text
    feed = Feed(made, part)
    for chunk in package.chunks(part):
        feed.parse(chunk)
    feed.finish()
