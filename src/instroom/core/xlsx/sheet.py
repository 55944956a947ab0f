"""A sheet: its rows as a stream, and what stands around them."""

from collections.abc import Iterator

from instroom.core.xlsx.errors import WorkbookError, damaged, unsafe
from instroom.core.xlsx.events import ElementNames, stray_text
from instroom.core.xlsx.fast_path import FastPath
from instroom.core.xlsx.limits import Limits
from instroom.core.xlsx.package import Package
from instroom.core.xlsx.parts import Attributes, Feed, local_name, new_parser
from instroom.core.xlsx.references import COLUMNS, Area, parse_area
from instroom.core.xlsx.row_count import RowCount
from instroom.core.xlsx.rows import Row, RowHandlers, Texts
from instroom.core.xlsx.simple_rows import HEAD, SimpleRows
from instroom.core.xlsx.validations import ValidationCollector
from instroom.core.xlsx.workbook_part import Sheet

_MERGES = 200_000
_LEAVES = 1_000  # elements among the rows that do not belong there, each with all that it holds


class SheetReader:
    """One sheet. What stands after its rows is known when all of them have been given."""

    def __init__(
        self,
        package: Package,
        sheet: Sheet,
        texts: Texts,
        limits: Limits,
        validations: ValidationCollector | None = None,
    ) -> None:
        """`validations`: who collects them, where somebody wants to know."""
        self._package, self._texts, self._limits = package, texts, limits
        self.name, self._part, _ = sheet
        self._validations = validations
        self._names = ElementNames()
        self._parser = new_parser(self._names)
        self._depth = self._left = 0
        self._textless = 2
        """Down to this depth no element holds text: the sheet itself and `sheetData`."""
        self._done: list[Row] = []
        self._in_order = True
        self._among_rows: RowHandlers | None = None
        self._entered = False
        self._simple_rows: SimpleRows | None = None
        self._count: RowCount | None = None
        self.hidden_columns: list[tuple[int, int]] = []
        """Runs of hidden columns: first and last, from 0."""
        self.merges: list[Area] = []

    def rows(self, in_order: bool = True) -> Iterator[Row]:
        """The rows that hold something. Raises WorkbookError where the sheet is damaged or unsafe.

        Rows that are not in order raise RowsOutOfOrder, unless they may be: they then come as they stand.
        """
        self._in_order = in_order
        try:
            yield from self._read()
        except WorkbookError as error:
            if error.code == "file-damaged":
                error.facts.setdefault("sheet", self.name)
                if self._among_rows is not None and self._among_rows.number:
                    error.facts.setdefault("row", self._among_rows.number)
            raise

    def _read(self) -> Iterator[Row]:
        self._parser.StartElementHandler = self._root
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        fast_path = FastPath(Feed(self._parser, self._part), HEAD, "<row ", b"</sheetData>", self)
        for chunk in self._package.chunks(self._part):
            fast_path.parse(chunk)
            if self._among_rows is not None:
                self._among_rows.check()
            yield from self._done
            self._done.clear()
            if self._count is not None and self._count.enough():
                return
        fast_path.finish()
        if self._among_rows is not None and self._count is None:
            self._among_rows.have_ended()
            self._among_rows.end_row()
        yield from self._done

    def only_count(self, records: int) -> RowCount:
        """From here on, count the rows that hold something instead of giving them: up to so many times `records`."""
        begun = self._among_rows is not None and self._among_rows.begun
        self._count = RowCount(self._parser, self._limits, records, begun)
        if self._simple_rows is not None:
            self._simple_rows.count = self._count
        return self._count

    def ready(self) -> bool:
        """Whether no row has come yet (`ItemTaker.ready`)."""
        if self._among_rows is None or self._entered:
            return False
        self._simple_rows = SimpleRows(self._among_rows)
        self._follow_rows(self._among_rows)
        return True

    def take(self, text: str, position: int) -> int:
        """Rows in their usual form (`ItemTaker.take`)."""
        return self._simple_rows.take(text, position) if self._simple_rows is not None else position

    def settled(self) -> bool:
        """The parser has met a whole row, which is kept when the next one comes (`ItemTaker.settled`)."""
        return self._left == 0

    def _root(self, name: str, _: Attributes) -> None:
        prefix = name.removesuffix(local_name(name))
        self._names.add(name)
        self._among_rows = RowHandlers(prefix, self._names, self._texts, self._done, self._leave_rows)
        self._among_rows.in_order = self._in_order
        self._depth = 1
        self._parser.StartElementHandler = self._start

    def _start(self, name: str, attributes: Attributes) -> None:
        """An element opens outside of the rows."""
        self._depth += 1
        if self._depth > self._limits.xml_depth:
            raise unsafe("depth", part=self._part)
        element = local_name(name)
        rows = self._among_rows
        self._names.add(name)
        if rows is not None and name in (rows.name_row, rows.name_c, rows.name_v):
            self._follow_rows(rows)
            rows.start(name, attributes)
        elif element == "col":
            self._hide(attributes)
        elif element == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif self._validations is not None:
            self._validations.start(element, attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._validations is not None:
            self._validations.end(local_name(name))

    def _text(self, text: str) -> None:
        if self._validations is not None:
            self._validations.text(text)
        if self._depth <= self._textless and not text.isspace():
            raise stray_text(self._among_rows.number if self._among_rows is not None else 0)

    def _follow_rows(self, handlers: RowHandlers) -> None:
        self._entered = True
        self._parser.StartElementHandler = handlers.start
        self._parser.EndElementHandler = handlers.events.append
        self._parser.CharacterDataHandler = handlers.events.append

    def _leave_rows(self, name: str, attributes: Attributes) -> None:
        self._left += 1
        self._textless = 1
        if self._among_rows is not None:
            if self._among_rows.have_ended():
                self._textless = 0  # PyExcelerate writes `None` for what its sheet does not have
            self._among_rows.row_may_close_unseen()
        if self._left > _LEAVES:
            raise damaged("xml", part=self._part)
        self._depth = 1
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
        merged = parse_area(reference)
        if merged is not None:
            self.merges.append(merged)
        if len(self.merges) > _MERGES:
            raise unsafe("bomb", part=self._part)
