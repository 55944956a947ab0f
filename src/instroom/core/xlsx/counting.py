"""Counts the rows of a sheet that is too long to be read, so far that somebody knows in how many files to split."""

from xml.parsers import expat

from instroom.core.model import Limits
from instroom.core.xlsx.parts import Attributes, local
from instroom.core.xlsx.refusal import unsafe

_COUNTED = 4  # times the records that a file may have, besides those that were read
_ELEMENTS = 600_000  # that the parser meets at most: some 7,000 full records
_CHARACTERS = 48 * 1024 * 1024  # of rows in their usual form: some 30,000 full records


class RowCount:
    """Takes over the parser of a sheet, and counts the rows with a value."""

    def __init__(self, parser: expat.XMLParserType, limits: Limits, begun: bool) -> None:
        """`begun`: the row that is open holds something already."""
        self.rows = int(begun)
        self.whole = True
        """Whether the count went to the end of the sheet."""
        self._opened = self._passed = 0
        self._depth = 0  # less what has been opened
        self._deepest, self._most = limits.xml_depth, _COUNTED * limits.records
        self._holds = begun
        self._closed: list[str] = []
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._closed.append
        parser.CharacterDataHandler = None

    def _start(self, name: str, _: Attributes) -> None:
        self._opened += 1
        element = local(name)
        if element == "row":
            self._holds = False
        elif not self._holds and element in ("v", "is", "f"):
            self._holds = True
            self.rows += 1

    def passed(self, rows: int, characters: int) -> None:
        """Rows with a value, and their length, that came in past the parser."""
        self.rows += rows
        self._passed += characters

    def enough(self) -> bool:
        """Called now and then: whether to stop here."""
        self._depth -= len(self._closed)
        self._closed.clear()
        if self._opened + self._depth > self._deepest:
            raise unsafe("depth")
        little = self._opened < _ELEMENTS and self._passed < _CHARACTERS
        self.whole = little and self.rows < self._most
        return not self.whole
