"""Whether a CSV file is separated by something else than semicolons."""

import re
from typing import Final

from instroom.core.keys import trim
from instroom.core.layout.loader import Layout

_NAMES: Final = {",": "comma", "\t": "tab", "|": "pipe", "^": "caret", "~": "tilde"}
_ANNOUNCED = re.compile(r'"?sep=(.)"?;*\s*\Z', re.I)
"""What some programs write as a line of its own before the header."""


def announced_delimiter(line: str) -> str | None:
    """The delimiter that a line such as `sep=;` announces: a semicolon itself, another one by its name; else None."""
    announced = _ANNOUNCED.match(line[:1024])
    return _NAMES.get(announced[1], announced[1]) if announced else None


def other_delimiter(header: str, layout: Layout) -> str | None:
    """The name of the delimiter of the header, None where it is the semicolon or cannot be told.

    Told by the layout's headers; a header row of which nothing is known, by half as many delimiters as columns.
    """
    if has_headers(header, ";", layout):
        return None
    best = max(_NAMES, key=header.count)
    enough = header.count(best) * 2 >= len(layout.headers) and header.count(best) > header.count(";")
    return _NAMES[best] if has_headers(header, best, layout, 2) or enough else None


def has_headers(line: str, delimiter: str, layout: Layout, least: int = 1) -> bool:
    """Whether so many of the layout's headers stand between these delimiters."""
    known = {header.casefold() for header in layout.headers}
    return sum(trim(cell).strip("\"'").casefold() in known for cell in line.split(delimiter)) >= least
