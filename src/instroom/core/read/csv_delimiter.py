"""Whether the header of a CSV file is separated by something else than semicolons."""

import re
from typing import Final

from instroom.core.keys import trim
from instroom.core.layout.loader import Layout

_NAMES: Final = {",": "comma", "\t": "tab", "|": "pipe"}
_ANNOUNCED = re.compile(r'\ufeff?"?sep=(.)"?\s*\Z', re.I)
"""What some spreadsheets write as a line of its own before the header."""


def other_delimiter(line: str, layout: Layout) -> str | None:
    """The name of the delimiter of the first line, None where it is the semicolon or cannot be told.

    Told by the layout's headers; a header row of which nothing is known, by half as many delimiters as columns.
    """
    if announced := _ANNOUNCED.match(line):
        return None if announced[1] == ";" else _NAMES.get(announced[1], announced[1])
    known = {header.casefold() for header in layout.headers}
    if _headers_in(line, ";", known):
        return None
    best = max(_NAMES, key=line.count)
    enough = line.count(best) * 2 >= len(layout.headers) and line.count(best) > line.count(";")
    return _NAMES[best] if _headers_in(line, best, known) >= 2 or enough else None


def _headers_in(line: str, delimiter: str, known: set[str]) -> int:
    return sum(trim(cell).strip("\ufeff\"'").casefold() in known for cell in line.split(delimiter))
