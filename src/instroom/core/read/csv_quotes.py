"""Quotes of a CSV file that are not where RFC 4180 has them, as far as only one reading is possible."""

import re
from typing import Final

from instroom.core.keys import trim
from instroom.core.layout.loader import Layout
from instroom.core.read.csv_delimiter import has_headers

_SPACE: Final = " \t\u00a0"
_CELL = re.compile(rf'[{_SPACE}]*+"((?>(?:[^"]|"")*))"[{_SPACE}]*+(;|[\r\n]*+\Z)|([^;\r\n]*+)(;|[\r\n]*+\Z)')


def split(line: str) -> list[str] | None:
    """The cells of one line, however long; spaces around quotes do not count. None where its quotes are not in
    order."""
    cells, position, more = [], 0, True
    while more:
        match = _CELL.match(line, position)
        if match is None:
            return None
        quoted, end, plain, plain_end = match.groups()
        if quoted is None and plain.lstrip(_SPACE).startswith('"'):
            return None
        cells.append(plain if quoted is None else quoted.replace('""', '"'))
        position, more = match.end(), (end or plain_end) == ";"
    return cells


def has_space_before_quote(line: str, cells: list[str]) -> bool:
    """Whether a cell begins with spaces and a quote, which the csv module reads as text."""
    quote = ' "' in line or '\t"' in line or '\u00a0"' in line
    space = line[0] in _SPACE or "; " in line or ";\t" in line or ";\u00a0" in line
    if not (quote and space):
        return False
    return any(cell[:1] in _SPACE and cell.lstrip(_SPACE).startswith('"') for cell in cells if cell)


def has_single_quotes(header: list[str], layout: Layout) -> bool:
    """Whether each header stands between single quotes, as some databases write texts."""
    filled = [text for cell in header if (text := trim(cell))]
    single = len(filled) > 1 and all(text[0] == text[-1] == "'" for text in filled)
    return single and has_headers(";".join(filled), ";", layout)


def quotes_whole_lines(header: list[str], layout: Layout) -> bool:
    """Whether the row of the headers is one cell that holds them all: a program took whole lines for values."""
    return bool(header) and ";" in header[0] and not any(header[1:]) and has_headers(header[0], ";", layout)
