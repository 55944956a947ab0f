"""What programs write above the header of a CSV file, and what is no part of the data: byte order marks and notes to
other programs."""

import re
from typing import Final, NamedTuple, TextIO

from instroom.core.layout.loader import Layout
from instroom.core.read.csv_delimiter import announced_delimiter, has_headers, other_delimiter

_LOOKED_AT: Final = 64 * 1024
"""Characters of a line, to look for the delimiter."""
_TYPE_NOTE = re.compile(r"#TYPE [^;\r\n]*;*\s*\Z")
"""What PowerShell's Export-Csv writes first, unless it is told not to."""


class Start(NamedTuple):
    """The first lines of a file, up to the header."""

    header: str
    """The line of the header, with its end."""
    rows_above: int
    """Rows above it that a spreadsheet shows. `sep=;` is none: spreadsheets read it and hide it."""
    delimiter: str | None
    """The name of another delimiter than the semicolon."""


def read_start(text: TextIO, layout: Layout, most: int) -> Start:
    """Read up to the header. `most`: characters of a line."""
    line, rows_above, announced = _unmarked(text.readline(most)), 0, None
    if delimiter := announced_delimiter(line):
        announced = None if delimiter == ";" else delimiter
        line = _unmarked(text.readline(most))
    if _TYPE_NOTE.match(line[:_LOOKED_AT]):
        rows_above = 1
        line = _unmarked(text.readline(most))
    header = line[:_LOOKED_AT]
    if announced and has_headers(header, ";", layout):
        announced = None  # the first line says something that is not so
    return Start(line, rows_above, announced or other_delimiter(header, layout))


def _unmarked(line: str) -> str:
    return line.lstrip("\ufeff").removeprefix("\u00ef\u00bb\u00bf")  # the mark as Windows-1252 reads it
