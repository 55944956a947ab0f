"""Counts the rows of a sheet that is too long to be read."""

from xml.parsers import expat

from instroom.core.read.xlsx.parts import Attributes, local
from instroom.core.read.xlsx.refusal import unsafe

_ELEMENTS = 1_500_000  # counted at most: some 20,000 records besides those that were read, in half a second


class RowCount:
    """Takes over the parser of a sheet, and counts the rows with a value."""

    def __init__(self, parser: expat.XMLParserType, deepest: int, begun: bool) -> None:
        """`begun`: the row that is open holds something already."""
        self.rows = int(begun)
        self.whole = True
        """Whether the count went to the end of the sheet."""
        self._opened = 0
        self._depth = 0  # less what has been opened
        self._deepest = deepest
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

    def enough(self) -> bool:
        """Called now and then: whether to stop here."""
        self._depth -= len(self._closed)
        self._closed.clear()
        if self._opened + self._depth > self._deepest:
            raise unsafe("depth")
        self.whole = self._opened < _ELEMENTS
        return not self.whole
