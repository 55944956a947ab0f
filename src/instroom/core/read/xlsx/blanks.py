"""Takes blank cells and rows out of the bytes of a sheet: a formatted template holds a cell for every column and row.

They say nothing, and the parser takes as long for a blank cell as for a filled one.
"""

import re
from collections.abc import Iterable, Iterator

_ENOUGH = 64  # in a chunk, before taking them out pays

# Only what says where it stands, and is followed by what does so too or by an end: so nothing takes its place from a
# cell or row that was taken out. Each item looks ahead by itself, which keeps this linear on any input.
_CELLS = re.compile(rb'(?:<c r="[^<>/]*+(?:/>|></c>)(?=<c r="|</row>))++')
_ROWS = re.compile(rb'(?:<row r="[^<>/]*+(?:/>|></row>)(?=<row r="|</sheetData>))++')


def without_blanks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same sheet without its blank cells and rows, as far as that is safe to do on bytes.

    A part with `<!` (a comment, CDATA, a DTD) is left as it is from there on: in those, `<c` can be text.
    """
    rest = b""
    source = iter(chunks)
    for chunk in source:
        data = rest + chunk
        if b"<!" in data:
            yield data
            yield from source
            return
        cut = _cut(data)
        head, rest = data[:cut], data[cut:]
        yield _without(head)
    yield rest


def _without(data: bytes) -> bytes:
    if data.count(b"/><c r=") + data.count(b'"></c>') > _ENOUGH:
        data = _CELLS.sub(b"", data)
    if data.count(b"/><row r=") + data.count(b'"></row>') > _ENOUGH:
        data = _ROWS.sub(b"", data)
    return data


def _cut(data: bytes) -> int:
    """Up to where a chunk stands on its own: before its last tag, so that none of them is cut in two."""
    last = data.rfind(b"<")
    return last if last > 0 else len(data)
