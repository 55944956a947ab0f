"""Rows with more or fewer cells than the header: blank ones at the end, or values in the wrong columns?

Spreadsheets leave out blank cells at the end of a row, and programs write a semicolon too many there: such a row says
what it should. A semicolon too many or too few within the row makes it as long, but with its values in other columns.
"""

import re
from collections import Counter
from collections.abc import Sequence
from re import Pattern
from typing import Final

from instroom.core.keys import SPACES
from instroom.core.layout.loader import Column

_DIGIT: Final = re.compile(r".*\d.*", re.S)
_NO_DIGIT: Final = re.compile(r"[^\d@]*")
_LIKE: Final[dict[str, Pattern[str]]] = {
    "date": _DIGIT,
    "email": re.compile(r".*@.*", re.S),
    "choice": re.compile(r"[^\W_]{1,12}"),
    "yes_no": re.compile(r"[^\W_]{1,12}"),
    "country": _NO_DIGIT,
    "language": _NO_DIGIT,
    "postal_code": _DIGIT,
    "phone": re.compile(r"(?:\D*+\d){5}.*", re.S),
    "url": re.compile(r".*\..*", re.S),
    "registration_number": _DIGIT,
    "vat_number": _DIGIT,
}
"""What values of a type look like, right or wrong: enough to see that they are of another column."""


class UnevenRows:
    """The rows that were taken with blank cells added or left out, by their index in the table."""

    def __init__(self) -> None:
        self.widths: dict[int, int] = {}
        """Index of the row → the cells that it had."""

    def shifted(self, rows: Sequence[Sequence[str]], columns: Sequence[Column]) -> dict[int, int]:
        """Index of the row → index of the first cell that seems to belong to another column.

        A width that most rows have, or that a row has which ends in a value, is that of the program that wrote them:
        it takes more to doubt those, but a company with a semicolon in its name stands on many rows.
        """
        counts = Counter(self.widths.values())
        usual = {width for width, count in counts.items() if count > 1 and len(rows) < 2 * count}
        usual |= {width for index, width in self.widths.items() if any(rows[index][width - 1 : width])}
        found = {
            index: _first_misfit(rows[index], width, columns, usual=width in usual)
            for index, width in self.widths.items()
        }
        return {index: at for index, at in found.items() if at is not None}

    def broken(self, rows: Sequence[Sequence[str]], places: Sequence[int], columns: Sequence[Column]) -> list[range]:
        """The runs of rows that are one record with line breaks in it: a value with a line end and no quotes around it.

        Together they have the cells of one, and none but the first begins like a record: with a key, and its values in
        their own columns.
        """
        ids = {column.block: column.index for column in columns if column.type == "extern_id"}
        keys = [(ids[column.block], column.index) for column in columns if column.type == "extern_source"]
        found: list[range] = []
        first, cells = 0, 0  # the row that a record begins on, and how many cells of it there are so far; 0: no record
        for index, row in enumerate(rows):
            width = self.widths.get(index, len(columns))
            keyed = any(row[key] and row[source] for key, source in keys) and not misfits(row, columns)
            if keyed or width >= len(columns) or not cells or places[index] != places[index - 1] + 1:
                first, cells = index, width if width < len(columns) or row[-1] else 0
                continue
            cells += width - 1
            if cells == len(columns):
                if found and found[-1][0] == first:
                    found.pop()
                found.append(range(first, index + 1))
        return found


def _first_misfit(row: Sequence[str], width: int, columns: Sequence[Column], *, usual: bool) -> int | None:
    split = _rest_of_value(row) if width > len(row) else None
    strange = misfits(row, columns)
    better = len(strange) - len(misfits(_moved(row, strange[0], len(row) - width), columns)) if strange else 0
    if usual and better < (2 if split is None else 1):
        return None
    if split is not None:
        return split
    return strange[0] if better > 0 else None


def _moved(row: Sequence[str], first: int, missing: int) -> list[str]:
    """The row as it would be with the missing cells right before this one, or without the surplus ones there."""
    rest = row[first:]
    return [*row[:first], *([*[""] * missing, *rest] if missing > 0 else rest[-missing:])]


def _rest_of_value(row: Sequence[str]) -> int | None:
    """The cell that is the rest of a value with a semicolon in it: such as `Bouw; sloop`, or `"Bouw; sloop"`."""
    for index in range(1, len(row)):
        if row[index - 1] and ((row[index][:1] == " " and row[index].strip(SPACES)) or row[index - 1].count('"') % 2):
            return index
    return None


def misfits(row: Sequence[str], columns: Sequence[Column]) -> list[int]:
    """The indexes of the cells that look like values of another column."""
    return [
        column.index
        for cell, column in zip(row, columns, strict=False)
        if (text := cell.strip(SPACES)) and (like := pattern_of(column)) and not like.fullmatch(text)
    ]


def pattern_of(column: Column) -> Pattern[str] | None:
    return _DIGIT if column.field.endswith("house_number") else _LIKE.get(column.type)
