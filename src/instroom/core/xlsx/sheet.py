"""A sheet: its rows as a stream, and what stands around them."""

from collections.abc import Iterator

from instroom.core.model import Limits
from instroom.core.xlsx.counting import RowCount
from instroom.core.xlsx.events import ElementNames, stray_text
from instroom.core.xlsx.package import Package
from instroom.core.xlsx.parts import Attributes, Feed, local, parser
from instroom.core.xlsx.places import COLUMNS, Area, area
from instroom.core.xlsx.refusal import damaged, unsafe
from instroom.core.xlsx.rows import Row, RowHandlers, Texts
from instroom.core.xlsx.shortcut import Shortcut
from instroom.core.xlsx.usual_rows import HEAD, UsualRows

_MERGES = 200_000
_LEAVES = 1_000  # elements among the rows that do not belong there, each with all that it holds


class SheetReader:
    """One sheet. What stands after its rows is known when all of them have been given."""

    def __init__(self, package: Package, part: str, texts: Texts, limits: Limits) -> None:
        self._package, self._part, self._texts, self._limits = package, part, texts, limits
        self._names = ElementNames()
        self._parser = parser(self._names)
        self._depth = self._left = 0
        self._textless = 2
        """Down to this depth no element holds text: the sheet itself and `sheetData`."""
        self._done: list[Row] = []
        self._among_rows: RowHandlers | None = None
        self._entered = False
        self._usual: UsualRows | None = None
        self._count: RowCount | None = None
        self.hidden_columns: list[tuple[int, int]] = []
        """Runs of hidden columns: first and last, from 0."""
        self.merges: list[Area] = []

    def rows(self) -> Iterator[Row]:
        """The rows that hold something, in order. Raises Refused where the sheet is damaged or unsafe."""
        self._parser.StartElementHandler = self._root
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        shortcut = Shortcut(Feed(self._parser, self._part), HEAD, "<row ", b"</sheetData>", self)
        for chunk in self._package.chunks(self._part):
            shortcut.parse(chunk)
            if self._among_rows is not None:
                self._among_rows.check()
            yield from self._done
            self._done.clear()
            if self._count is not None and self._count.enough():
                return
        shortcut.finish()
        if self._among_rows is not None and self._count is None:
            self._among_rows.end_row()
        yield from self._done

    def only_count(self) -> RowCount:
        """From here on, count the rows that hold something instead of giving them."""
        begun = self._among_rows is not None and self._among_rows.begun
        self._count = RowCount(self._parser, self._limits, begun)
        if self._usual is not None:
            self._usual.count = self._count
        return self._count

    def ready(self) -> bool:
        """Whether no row has come yet (`Taker.ready`)."""
        if self._among_rows is None or self._entered:
            return False
        self._usual = UsualRows(self._among_rows)
        self._follow_rows(self._among_rows)
        return True

    def take(self, text: str, position: int) -> int:
        """Rows in their usual form (`Taker.take`)."""
        return self._usual.take(text, position) if self._usual is not None else position

    def settled(self) -> bool:
        """The parser has met a whole row, which is kept when the next one comes (`Taker.settled`)."""
        return self._left == 0

    def _root(self, name: str, _: Attributes) -> None:
        prefix = name.removesuffix(local(name))
        self._names.add(name)
        self._among_rows = RowHandlers(prefix, self._names, self._texts, self._done, self._leave_rows)
        self._depth = 1
        self._parser.StartElementHandler = self._start

    def _start(self, name: str, attributes: Attributes) -> None:
        """An element opens outside of the rows."""
        self._depth += 1
        if self._depth > self._limits.xml_depth:
            raise unsafe("depth", part=self._part)
        element = local(name)
        rows = self._among_rows
        self._names.add(name)
        if rows is not None and name in (rows.name_row, rows.name_c, rows.name_v):
            self._follow_rows(rows)
            rows.start(name, attributes)
        elif element == "col":
            self._hide(attributes)
        elif element == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _end(self, _: str) -> None:
        self._depth -= 1

    def _text(self, text: str) -> None:
        if self._depth <= self._textless and not text.isspace():
            raise stray_text(self._among_rows.number if self._among_rows is not None else 0)

    def _follow_rows(self, handlers: RowHandlers) -> None:
        self._entered = True
        self._parser.StartElementHandler = handlers.start
        self._parser.EndElementHandler = handlers.events.append
        self._parser.CharacterDataHandler = handlers.events.append

    def _leave_rows(self, name: str, attributes: Attributes) -> None:
        self._left += 1
        if self._among_rows is not None:
            self._among_rows.row_may_close_unseen()
        if self._left > _LEAVES:
            raise damaged("xml", part=self._part)
        self._depth = self._textless = 1
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._start(name, attributes)

    def _hide(self, attributes: Attributes) -> None:
        hidden = attributes.get("hidden") in ("1", "true") or attributes.get("width") in ("0", "0.0")
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if hidden and first.isdecimal() and last.isdecimal() and len(first) < 8 and len(last) < 8:
            self.hidden_columns.append((int(first) - 1, int(last) - 1))
        if len(self.hidden_columns) > COLUMNS:
            raise damaged("xml", part=self._part)

    def _merge(self, reference: str) -> None:
        merged = area(reference)
        if merged is not None:
            self.merges.append(merged)
        if len(self.merges) > _MERGES:
            raise unsafe("bomb", part=self._part)
