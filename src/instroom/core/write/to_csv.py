"""Writes records as CSV that spreadsheets and our own reader take alike (product.md A2)."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from instroom.core.layout.loader import Layout

_NEEDS_QUOTES: Final = re.compile(r'[;"\r\n]|\A\s|\s\Z')


def write_csv(target: Path, layout: Layout, rows: Iterable[Sequence[str]]) -> None:
    """UTF-8 with a BOM, semicolons, CRLF after each record, RFC 4180 quoting; values as they are.

    A value such as `=1+1` gets no apostrophe before it: that would be another value at the next delivery.
    """
    with target.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        file.write(_line(layout.headers))
        file.writelines(map(_line, rows))


def _line(values: Sequence[str]) -> str:
    quoted = ['"' + value.replace('"', '""') + '"' if _NEEDS_QUOTES.search(value) else value for value in values]
    return ";".join(quoted) + "\r\n"
