"""Rows as spreadsheets and libraries write them, taken by regular expressions instead of by the parser."""

import re
from itertools import islice
from operator import lt
from typing import Final

from instroom.core.xlsx.blank_rows import RepeatedBlankRow
from instroom.core.xlsx.errors import WorkbookError
from instroom.core.xlsx.fast_path import GIVE_UP, SPACE, TEXT, decode_entities, head_pattern
from instroom.core.xlsx.references import NEAR_COLUMNS, ROWS
from instroom.core.xlsx.row_count import RowCount
from instroom.core.xlsx.rows import RowHandlers, is_hidden

_KINDS: Final = 1_000  # of attributes that are remembered: of cells by their style and type, of rows

# Of a cell only these two attributes, so that none can be there twice; those of a row are looked at one by one.
# Alternatives, not `?`: they are told apart by their first sign, which takes half the time.
_STYLE = r'(?: s="[0-9]{1,7}"|)'
_CELL_ATTRIBUTES = rf'{_STYLE}(?: t="s"| t="[A-Za-z]{{1,9}}"|)'
_ROW_ATTRIBUTES = r'(?>(?: [A-Za-z][A-Za-z0-9:]*+="[^"<>&\x00-\x1f\ufffe\uffff]*+")*)'
_NEXT = rf"{SPACE}(?=<row |\Z)"
_INLINE = rf't="inlineStr"><is><t(?: xml:space="preserve")?>{TEXT}</t></is></c>'
_CONTENT = rf"{_CELL_ATTRIBUTES}(?:><v>{TEXT}</v></c>|/>|></c>)|{_STYLE} {_INLINE}"
_ROW = re.compile(
    rf'<row r="([1-9][0-9]{{0,6}})"({_ROW_ATTRIBUTES})>{SPACE}'
    rf'((?>(?:<c r="[A-Z]{{1,3}}\1"(?:{_CONTENT}){SPACE})*))</row>' + _NEXT
)
_CELLS = re.compile(r'<c r="([A-Z]+)[0-9]+"([^<>]*+)>(?:<v>|<is><t[^<>]*+>)([^<]*+)<')
"""Those of a body that `_ROW` matched which are not blank: letters of the column, attributes, raw text."""

_BLANK_CELL = rf'<c r="[A-Z]{{1,3}}[0-9]{{1,7}}"{_CELL_ATTRIBUTES}(?:/>|></c>){SPACE}'
_BLANK_ROWS = re.compile(
    rf'(?>(?:<row r="[1-9][0-9]{{0,6}}"{_ROW_ATTRIBUTES}(?:/>|>{SPACE}(?>(?:{_BLANK_CELL})*)</row>){_NEXT})+)'
)
_ROW_TAGS = re.compile(r'<row r="([0-9]+)"([^<>]*+)>')
_ATTRIBUTE = re.compile(r'([A-Za-z:0-9]+)="([^"]*)"')

HEAD: Final = head_pattern("worksheet", rb"[ >](?>(?:[^<]++|<(?![!?]|row|sheetData>))*)<sheetData>\s*+")


class SimpleRows:
    """Takes them, and leaves them with the handlers of those that the parser meets."""

    def __init__(self, handlers: RowHandlers) -> None:
        self._handlers = handlers
        self._strings, self._value = handlers.texts.strings, handlers.texts.value
        self._hidden: dict[str, bool | None] = {}
        self._kinds: dict[str, tuple[str | None, str]] = {}
        self._shared: set[str] = set()  # attributes of cells with a shared string
        self._alike = RepeatedBlankRow()
        self.count: RowCount | None = None
        """From when on the rows are only counted."""

    def take(self, text: str, position: int) -> int:
        """Take rows from this position on; where the first one begins that was not taken (`ItemTaker.take`)."""
        if self.count is not None:
            return _count(text, position, self.count)
        start = position
        while row := _ROW.match(text, position):
            found = _CELLS.findall(text, *row.span(3))
            if not found or not self._take(row, found):
                break
            position = row.end()
        return position if position > start else self._take_blanks(text, position)

    def _take(self, row: re.Match[str], found: list[tuple[str, str, str]]) -> bool:
        """Whether there was nothing odd in this row."""
        number, hidden = int(row[1]), self._is_hidden(row[2])
        if hidden is None or not self._handlers.number < number <= ROWS:
            return False
        letters, attributes, raws = zip(*found, strict=True)
        notes: dict[int, int] = {}
        try:
            columns = list(map(NEAR_COLUMNS.__getitem__, letters))
            if not all(map(lt, columns, islice(columns, 1, None))):
                return False
            if self._shared.issuperset(attributes):
                texts = self._shared_texts(raws)
            else:
                texts = self._texts(columns, attributes, raws, notes)
        except (WorkbookError, ValueError, LookupError):
            return False
        cells = dict(zip(columns, texts, strict=True))
        if "" in texts:
            cells = {column: text for column, text in cells.items() if text}
        self._handlers.add_row(number, cells, notes, hidden, len(columns))
        return True

    def _shared_texts(self, raws: tuple[str, ...]) -> list[str]:
        numbers = list(map(int, raws))
        if min(numbers) < 0:
            raise IndexError
        return list(map(self._strings.__getitem__, numbers))

    def _texts(
        self, columns: list[int], attributes: tuple[str, ...], raws: tuple[str, ...], notes: dict[int, int]
    ) -> list[str]:
        texts, known = [], self._handlers.known
        for column, attribute, raw in zip(columns, attributes, raws, strict=True):
            kind, style = self._kinds.get(attribute) or self._learn(attribute)
            if kind == "s":
                texts += self._shared_texts((raw,))
                continue
            text, flags = self._value(kind, decode_entities(raw), style)
            texts.append(known.get(text) or self._handlers.remember(text))
            if text and flags:
                notes[column] = flags
        return texts

    def _learn(self, attributes: str) -> tuple[str | None, str]:
        """The type and the style that these attributes of a cell give."""
        given = dict(_ATTRIBUTE.findall(attributes))
        if len(self._kinds) >= _KINDS:
            self._kinds.clear()
            self._shared.clear()
        kind = self._kinds[attributes] = given.get("t"), given.get("s", "0")
        if kind[0] == "s":
            self._shared.add(attributes)
        return kind

    def _is_hidden(self, attributes: str) -> bool | None:
        """Whether these attributes hide a row; None: one of them is there twice."""
        if attributes not in self._hidden:
            given = [("r", ""), *_ATTRIBUTE.findall(attributes)]
            if len(self._hidden) >= _KINDS:
                self._hidden.clear()
            self._hidden[attributes] = is_hidden(dict(given)) if len(dict(given)) == len(given) else None
        return self._hidden[attributes]

    def _take_blanks(self, text: str, position: int) -> int:
        """All blank rows from here on at once: a formatted template holds a million of them."""
        if after := self._alike.take(text, position, self._handlers.number):
            self._handlers.add_row(self._alike.number, {}, {}, False, 0)
            return after
        run = _BLANK_ROWS.match(text, position)
        if run is None:
            return position
        given, attributes = zip(*_ROW_TAGS.findall(text, *run.span()), strict=True)
        numbers = [self._handlers.number, *map(int, given)]
        if not all(map(lt, numbers, islice(numbers, 1, None))) or numbers[-1] > ROWS:
            return GIVE_UP
        if any(self._is_hidden(attribute) is None for attribute in set(attributes)):
            return GIVE_UP
        self._handlers.add_row(numbers[-1], {}, {}, False, 0)
        self._alike.learn(text[text.rfind("<row ", *run.span()) : run.end()], given[-1])
        return run.end()


def _count(text: str, position: int, count: RowCount) -> int:
    start = position
    rows = 0
    while row := _ROW.match(text, position) or _BLANK_ROWS.match(text, position):
        position = row.end()
        rows += row.re is _ROW and _CELLS.search(text, *row.span(3)) is not None
    count.passed(rows, position - start)
    return position
