"""What the parser calls among the rows of a sheet, where all the time goes.

Only the opening of an element calls Python. Texts and closings go into one list (`events.py`), and a cell is kept when
the next element of its kind opens.
"""

from collections.abc import Callable
from typing import NamedTuple

from instroom.core.xlsx.cell_note import CellNote
from instroom.core.xlsx.errors import RowsOutOfOrder, damaged, unsafe
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
    text_before,
    text_of_string,
)
from instroom.core.xlsx.parts import Attributes
from instroom.core.xlsx.references import COLUMNS, NEAR_COLUMNS, ROWS, column_letters, parse_cell
from instroom.core.xlsx.strings import memory_size
from instroom.core.xlsx.texts import unescape
from instroom.core.xlsx.values import CellValue

_ELEMENTS = 8 * COLUMNS  # in one row
_ALL_ELEMENTS = 2_500_000  # cells, and what their texts are made of: twice a full delivery
_WEIGHT = 128 * 1024 * 1024  # bytes of memory for the texts of a sheet, about
_REMEMBERED = 50_000  # texts, as columns repeat them

_NOTHING, _VALUE, _INLINE, _FORMULA = range(4)
"""What a cell has shown of itself: nothing yet, its value, a text of its own, a formula and no value yet."""


class Row(NamedTuple):
    """A row of a sheet that holds something."""

    number: int  # from 1
    cells: dict[int, str]
    """The text of the cells that are not blank, by column from 0, and "" for a formula without a value."""
    notes: dict[int, int]
    """The `CellNote` flags of those that have any."""
    hidden: bool


class Texts(NamedTuple):
    """Where a sheet's cells find their text."""

    strings: list[str]
    value: CellValue
    longest: int
    """Characters of a text that are kept: enough to see that it is too long."""


def is_hidden(attributes: Attributes) -> bool:
    """Whether these are the attributes of a hidden row."""
    return attributes.get("hidden") in ("1", "true") or attributes.get("ht") in ("0", "0.0")


class RowHandlers:
    """Makes `done` of what the parser meets. `leave` is called where an element opens that is not part of a row."""

    __slots__ = tuple(
        "busy cell cells column cut done events fresh hidden in_order known label leave name_c name_data name_f name_is"
        " name_rph name_row name_t name_v names notes number numbered opened place sorted source strings texts".split()
    )

    def __init__(
        self,
        prefix: str,
        names: ElementNames,
        texts: Texts,
        done: list[Row],
        leave: Callable[[str, Attributes], None],
    ) -> None:
        self.name_c, self.name_v, self.name_f, self.name_is, self.name_rph, self.name_row, self.name_data = (
            names.add(f"{prefix}{element}") for element in ("c", "v", "f", "is", "rPh", "row", "sheetData")
        )
        self.name_t = ElementName(f"{prefix}t")
        self.names = names
        self.texts, self.strings, self.done, self.leave = texts, texts.strings, done, leave
        self.events: Events = []
        self.known: dict[str, str] = {}
        self.fresh = self.busy = self.opened = self.number = 0
        self.cells: dict[int, str] = {}
        self.notes: dict[int, int] = {}
        self.cell: Attributes = {}
        self.source = _NOTHING
        self.hidden = self.numbered = False
        self.sorted = True
        self.in_order = True
        """Whether the rows must be; those of a sheet where they are not can be taken as they come."""
        self.column = self.cut = self.place = -1
        self.label = "no row"

    def start(self, name: str, attributes: Attributes) -> None:
        if name is self.name_c:
            if self.source:
                self.keep_cell()
            elif self.events:
                self._drop_events()
            if "r" not in attributes:
                self._follow()
            self.cell = attributes
            self.source = _NOTHING
            self.busy += 1
        elif name is self.name_v:
            if self.source == _VALUE:
                raise damaged("xml")
            if self.events:
                self._drop_events()
            self.source = _VALUE
        elif name is self.name_t and self.source == _INLINE:
            self.events.append(OPEN_TEXT)
        elif name is self.name_is:
            if self.events:
                self._drop_events()
            self.source = _INLINE
            self.names[self.name_t] = self.name_t  # not before: in most sheets `t` is but the name of an attribute
        elif name is self.name_row:
            self._begin(attributes)
        else:
            self._inside(name, attributes)

    def keep_cell(self) -> None:
        """Keep the cell that has come in."""
        cell = self.cell
        reference = cell.get("r", "")
        column = NEAR_COLUMNS.get(reference[: self.cut])
        if column is None or reference[self.cut :] != self.label:
            column = self._far(reference) if reference else self.place
        if column > self.column:
            self.column = column
        elif column in self.cells:
            raise damaged("cell-twice", row=self.number, cell=f"{column_letters(column)}{self.number}")
        else:
            self.sorted = False
        if self.source == _VALUE and cell.get("t") == "s":
            raw = self._raw()
            try:
                index = int(raw)
                text = self.strings[index] if index >= 0 else self._no_string(raw)
            except (ValueError, IndexError):
                text = self._no_string(raw)
            if text:
                self.cells[column] = text
            self.events.clear()
            return
        text, flags = self._own(cell)
        self.events.clear()
        if text or flags & CellNote.NO_VALUE:
            self.cells[column] = text
            if flags:
                self.notes[column] = flags

    def end_row(self) -> None:
        """The row is over: give it, if it holds anything."""
        if self.source:
            self.keep_cell()
            self.source = _NOTHING
        elif self.events:
            self._drop_events()
        if self.cells:
            cells = self.cells if self.sorted else dict(sorted(self.cells.items()))
            self.done.append(Row(self.number, cells, self.notes, self.hidden))
            self.cells, self.notes = {}, {}

    def add_row(self, number: int, cells: dict[int, str], notes: dict[int, int], hidden: bool, elements: int) -> None:
        """A row that came in past the parser; `elements` of it took time."""
        if self.begun or self.events != [self.name_row]:  # the row before this one came in by the parser
            self.end_row()
            self.events[:] = [self.name_row]
        self.number = number
        self.opened += elements
        if cells:
            self.done.append(Row(number, cells, notes, hidden))

    @property
    def begun(self) -> bool:
        """Whether the row that is open holds something, as far as it has come in."""
        return bool(self.source or self.cells)

    def check(self) -> None:
        """Called now and then: raises Refused where a row or a text has no end, or all together is too much."""
        refuse_endless(self.events)
        if self.busy > _ELEMENTS or self.opened > _ALL_ELEMENTS or self.fresh > _WEIGHT:
            raise unsafe("bomb")

    def have_ended(self) -> bool:
        """Whether the element around the rows has closed. Text behind it is part of no row, and is forgotten."""
        for index, event in enumerate(self.events):
            if event is self.name_data:
                self.events[index:] = [later for later in self.events[index:] if type(later) is not str]
                return True
        return False

    def row_may_close_unseen(self) -> None:
        """What opens now is followed by other handlers, which do not tell that the row closes."""
        self.events.append(self.name_row)

    def _begin(self, attributes: Attributes) -> None:
        if self.number and not has_closed(self.events, self.name_row):
            raise damaged("xml")  # a row in a row
        self.end_row()
        given = attributes.get("r", "")
        number = int(given) if given.isdecimal() and len(given) < 8 else self.number + 1
        if not 0 < number <= ROWS:
            raise damaged("row-place")
        if number <= self.number and self.in_order:
            raise RowsOutOfOrder(number)
        self._be(number)
        self.numbered, self.sorted = bool(given), True
        self.column = self.place = -1
        self.opened += self.busy
        self.busy = 0
        self.cell = {}
        self.hidden = is_hidden(attributes)

    def _be(self, number: int) -> None:
        """This is the number of the row that is open."""
        self.number = number
        self.label = str(number)
        self.cut = -len(self.label)

    def _inside(self, name: str, attributes: Attributes) -> None:
        """Rarer elements of a cell; what is none of them stands outside of the rows."""
        self.busy += 1
        if name is self.name_f and self.source != _VALUE:
            if self.events:
                self._drop_events()
            self.source = _FORMULA
            self.cell["f"] = ""
        elif self.source == _INLINE and not has_closed(self.events, self.name_c):
            self.names.add(name)
            self.events.append(OPEN_PHONETIC if name is self.name_rph else OPEN_OTHER)
        else:
            self.leave(name, attributes)

    def _drop_events(self) -> None:
        """Forget what came in before the value of a cell, or outside of cells: no text that anybody could miss."""
        if self.source == _FORMULA:
            text_before(self.events, self.name_f, self.number)
        elif self.source == _INLINE:
            text_of_string(self.events, self.name_t, self.name_rph, self.number)
        else:
            refuse_text(self.events, self.number)
        self.events.clear()

    def _raw(self) -> str:
        events = self.events
        if 2 < len(events) < 5 and events[1] is self.name_v and events[2] is self.name_c:
            raw = events[0]  # the text, and what closed: `v`, `c`, perhaps `row`
            if (len(events) == 3 or events[3] is self.name_row) and type(raw) is str:
                return raw
        return text_before(events, self.name_v, self.number)

    def _no_string(self, raw: str) -> str:
        """No shared string has this number."""
        if raw.strip():
            place = self.cell.get("r") or f"{column_letters(self.place)}{self.number}"
            raise damaged("string", row=self.number, cell=place[:10], value=raw[:50])
        return ""

    def _own(self, cell: Attributes) -> tuple[str, int]:
        """The text of a cell that shares none, and its flags."""
        if self.source == _INLINE:
            text, flags = self._inline(), 0
        elif self.source == _FORMULA:
            text_before(self.events, self.name_f, self.number)
            return "", CellNote.FORMULA | CellNote.NO_VALUE
        else:
            kind, raw = cell.get("t"), self._raw()
            text, flags = self.texts.value(kind, raw, cell.get("s", "0"))
            if "f" in cell:
                flags |= CellNote.FORMULA if raw or kind == "str" else CellNote.FORMULA | CellNote.NO_VALUE
        return self.remember(text), flags

    def _inline(self) -> str:
        events = self.events
        if 4 < len(events) < 7 and events[2] is self.name_t and events[4] is self.name_c and events[0] is OPEN_TEXT:
            text = events[1]  # one text, and what closed: `t`, `is`, `c`, perhaps `row`
            if events[3] is self.name_is and (len(events) == 5 or events[5] is self.name_row) and type(text) is str:
                return unescape(text)
        return unescape(text_of_string(events, self.name_t, self.name_rph, self.number))

    def remember(self, text: str) -> str:
        """The text, no longer than is kept; one object for all cells with the same."""
        found = self.known.get(text)
        if found is None:
            found = text[: self.texts.longest]
            if len(self.known) >= _REMEMBERED:
                self.known.clear()
            self.known[found] = found
            self.fresh += memory_size(found)
        return found

    def _follow(self) -> None:
        """A cell opens that does not say where it stands: after the cell before it."""
        if "r" in self.cell:
            self.place = self._far(self.cell["r"])
        self.place += 1
        if self.place >= COLUMNS:
            raise damaged("cell-place")

    def _far(self, reference: str) -> int:
        """The column of a reference that is not simply two letters and the row.

        A row that does not say where it stands is where its first cell is.
        """
        found = parse_cell(reference)
        if found is not None and found[1] > self.number and not self.numbered and self.column < 0 < self.number:
            self._be(found[1])
            self.numbered = True
        if found is None or found[1] != self.number:
            raise damaged("cell-place", cell=reference[:20])
        return found[0]
