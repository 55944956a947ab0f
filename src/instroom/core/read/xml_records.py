"""Makes rows of the elements of an XML delivery, and finds what does not fit the layout's XSD."""

import sys
from collections.abc import Mapping
from typing import Any, Final

from instroom.core.findings import finding
from instroom.core.layout.elements import BLOCKS, RECORD, ROOT, block_elements
from instroom.core.layout.loader import Layout
from instroom.core.model import Limits
from instroom.core.read.table_builder import TableBuilder, has_value

_RECORD_DEPTH, _BLOCK_DEPTH, _FIELD_DEPTH = 2, 3, 4
_LARGE_FILE: Final = 24 * 1024 * 1024
"""Below this, not even text that takes four bytes a character in memory comes near the limit."""
_COUNTED: Final = 5
"""Times the records that a file may have: nobody counts further, nor reads more elements that do not belong."""
_NAME_CHARACTERS: Final = 100  # of a name in a finding
_FOREIGN: Final = ("http://www.w3.org/2001/XMLSchema-instance ", "http://www.w3.org/XML/1998/namespace ")
"""Attributes that any XML file may have: where its schema is, what its white space means."""


class Enough(Exception):
    """Reading further serves nobody. Never leaves the reader."""


class TooDeep(Exception):
    """Elements within elements without end. Never leaves the reader."""


class Records:
    """Takes the parser's events: `start` and `end` of elements, with the text in between in `pieces`."""

    def __init__(self, layout: Layout, limits: Limits, file_bytes: int) -> None:
        self.builder = TableBuilder(list(layout.headers), limits)
        self.pieces: list[str] = []
        self._layout = layout
        self._limits = limits
        self._large = file_bytes > _LARGE_FILE
        self._blocks = {
            BLOCKS[block.kind]: {name: column.index for name, column in block_elements(block).items()}
            for block in (layout.company, layout.person)
        }
        self._order = tuple(self._blocks)
        self._known = {RECORD, *self._blocks, *(name for elements in self._blocks.values() for name in elements)}
        self._faults = 0
        self._regel = 0
        self._depth = 0
        self._skipped_from = 0  # the depth of the element that does not fit: all within it is passed over; 0: none
        self._passed_over = 0
        self._row: list[str] = []
        self._faulty = False  # this Regel has a fault: whatever it holds, it is no blank one
        self._lost = False  # something in this Regel was passed over: its row would not be whole
        self._blocks_seen: list[str] = []
        self._block_name = ""
        self._elements: dict[str, int] = {}  # of this block: name → index of the column
        self._reached = -1  # index of the last column that was given a value in this block
        self._seen: set[str] = set()  # elements of this block

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth = depth = self._depth + 1
        if self._skipped_from:
            self._pass_over()
            return
        if self.pieces:
            self._take_stray_text(depth - 1)
        if depth == 1:
            self._start_root(name, attributes)
            return
        if attributes:
            self._check_attributes(name, attributes)
        if depth == _FIELD_DEPTH:
            self._start_field(name)
        elif depth == _BLOCK_DEPTH:
            self._start_block(name)
        elif depth == _RECORD_DEPTH:
            self._start_record(name)
        else:
            self._misfit(name, "misplaced")

    def end(self, name: str) -> None:
        depth = self._depth
        self._depth = depth - 1
        if self._skipped_from:
            if (text := "".join(self.pieces)).strip():
                self.builder.unread[_local(name)].append(text.strip()[:_NAME_CHARACTERS])
            self.pieces.clear()
            if depth == self._skipped_from:
                self._skipped_from = 0
        elif depth == _FIELD_DEPTH:
            self._row[self._reached] = "".join(self.pieces)[: self._limits.cell_characters + 1]
            self.pieces.clear()
        else:
            if self.pieces:
                self._take_stray_text(depth)
            if depth == _RECORD_DEPTH:
                self._end_record()

    def place(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Where the parser found a fault: in or after which Regel, and which element was to be closed there."""
        found: dict[str, Any] = {"regel": self._regel} if self._regel else {}
        if facts.get("detail") == "mismatch" and not self._skipped_from and self._depth:
            field = next((name for name, index in self._elements.items() if index == self._reached), "")
            found["expected"] = (ROOT, RECORD, self._block_name, field)[self._depth - 1]
        return found

    def shorten_text(self) -> None:
        """Keep no more of an endless text than tells that it is too long."""
        if len(self.pieces) > 1:
            self.pieces[:] = ["".join(self.pieces)[: self._limits.cell_characters + 1]]

    def _start_root(self, name: str, attributes: Mapping[str, str]) -> None:
        if name != ROOT:
            if " " in name and _local(name) == ROOT:
                self._fault(name, "namespace", namespace=_namespace(name))
            else:
                self._fault(name, "root")
            raise Enough
        found, expected = attributes.get("layout"), self._layout.id
        if found is None:
            self._fault(name, "no-layout", expected=expected)
        elif found != expected:
            self._fault(name, "layout", found=found[:_NAME_CHARACTERS], expected=expected)
            self.builder.discard_rows()
        self._check_attributes(name, {key: value for key, value in attributes.items() if key != "layout"})

    def _start_record(self, name: str) -> None:
        if name != RECORD:
            self._misfit(name)
            self.builder.discard_rows()  # it may hold what should have been a record
            return
        self._regel += 1
        if self._regel > _COUNTED * self._limits.records:
            self.builder.complete = False
            raise Enough
        self._row = [""] * len(self._layout.columns)
        self._faulty = self._lost = False
        self._blocks_seen = []

    def _start_block(self, name: str) -> None:
        elements = self._blocks.get(name)
        if elements is None:
            self._misfit(name)
            return
        if name in self._blocks_seen:
            self._misfit(name, "twice")
            return
        if self._blocks_seen and self._order.index(name) < self._order.index(self._blocks_seen[-1]):
            self._fault(name, "misplaced")
        self._blocks_seen.append(name)
        self._block_name, self._elements, self._reached, self._seen = name, elements, -1, set()

    def _start_field(self, name: str) -> None:
        index = self._elements.get(name)
        if index is None:
            self._misfit(name)
        elif name in self._seen:
            self._misfit(name, "twice")
        elif index < self._reached:
            self._seen.add(name)
            self._misfit(name)
        else:
            self._seen.add(name)
            self._reached = index

    def _end_record(self) -> None:
        if self._lost or (self._faulty and not has_value(self._row)):
            self.builder.add_unreadable(self._regel)
        elif has_value(self._row):
            size = sum(sys.getsizeof(cell) for cell in self._row if cell) if self._large else 0
            self.builder.add_record(self._regel, self._row, size)
        else:
            self.builder.add_blank(self._regel)

    def _take_stray_text(self, depth: int) -> None:
        """Text in the element at this depth; where that is a field, what follows it is the fault."""
        if depth < _FIELD_DEPTH and "".join(self.pieces).strip():
            self._fault((ROOT, RECORD, self._block_name)[depth - 1], "text")
        self.pieces.clear()

    def _check_attributes(self, name: str, attributes: Mapping[str, str]) -> None:
        for attribute in attributes:
            if not attribute.startswith(_FOREIGN):
                self._fault(name, "attribute", attribute=_local(attribute))

    def _pass_over(self) -> None:
        if self._depth > self._limits.xml_depth:
            raise TooDeep
        self._passed_over += 1
        if self._passed_over > _COUNTED * self._limits.records:
            raise Enough

    def _misfit(self, name: str, problem: str = "") -> None:
        """An element that does not belong here: a finding, and all within it is passed over."""
        self._skipped_from = self._depth
        self._lost = True
        if not problem and " " in name and _local(name) in self._known:
            self._fault(name, "namespace", namespace=_namespace(name))
        else:
            self._fault(name, problem or ("misplaced" if name in self._known else "unknown"))

    def _fault(self, name: str, problem: str, **more: Any) -> None:
        facts = {"regel": self._regel or None, "element": _local(name), "problem": problem, **more}
        self.builder.add_finding(finding("xml-structure", facts=facts))
        self._faults += 1
        self._faulty = True
        if self._faults >= self._limits.records:
            raise Enough  # as many faults as a file may have records


def _namespace(name: str) -> str:
    return name.rpartition(" ")[0][:_NAME_CHARACTERS]


def _local(name: str) -> str:
    """The name as the file writes it, without a prefix."""
    return name.rpartition(" ")[2][:_NAME_CHARACTERS]
