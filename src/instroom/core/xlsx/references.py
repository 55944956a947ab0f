"""Where a cell stands: `AB12` is column 27 (from 0) of row 12 (from 1)."""

import re
from itertools import product
from string import ascii_uppercase

ROWS = 1_048_576
COLUMNS = 16_384  # XFD is the last

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})", re.ASCII)

NEAR_COLUMNS = {
    "".join(pair): index for index, pair in enumerate((*product(ascii_uppercase), *product(ascii_uppercase, repeat=2)))
}
"""The columns A to ZZ; further ones are computed."""


Area = tuple[int, int, int, int]
"""First column, first row, last column, last row."""


def parse_cell(reference: str) -> tuple[int, int] | None:
    """Column and row of a reference; None where no sheet has it."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    row = int(match[2])
    return (column - 1, row) if column <= COLUMNS and 1 <= row <= ROWS else None


def column_letters(column: int) -> str:
    """The letters of a column, counted from 0."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = ascii_uppercase[rest] + text
    return text


def parse_area(reference: str) -> Area | None:
    """The area of `A1:C3`; None where no sheet has it."""
    first, _, last = reference.partition(":")
    start, end = parse_cell(first), parse_cell(last or first)
    if start is None or end is None:
        return None
    return min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1])


def area_text(area: Area) -> str:
    """An area as a spreadsheet writes it, such as `A1:C3`."""
    left, top, right, bottom = area
    return f"{column_letters(left)}{top}:{column_letters(right)}{bottom}"
