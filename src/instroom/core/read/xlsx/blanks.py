"""Takes blank cells out of the bytes of a sheet: templates hold a formatted cell for every column of every row.

A blank cell says nothing, and the parser takes as long for one as for a filled one.
"""

import re
from collections.abc import Iterable, Iterator

_ENOUGH = 64  # blank cells in a chunk, before taking them out pays

# Only cells that say where they stand, followed by such a cell or the end of the row: so no cell takes its place from
# one that was taken out. Bytes between a `<` and a `>` hold no text.
_RUN = re.compile(rb'(?:<c r="[A-Z]{1,3}[0-9]{1,7}"[^<>/"]*+(?:"[^<>"/]*+"[^<>/"]*+)*+(?:/>|></c>))++(?=<c r="|</row>)')


def without_blanks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same sheet without its blank cells, as far as that is safe to do on bytes.

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
        yield _RUN.sub(b"", head) if head.count(b"/><c r=") > _ENOUGH else head
    yield rest


def _cut(data: bytes) -> int:
    """Up to where a chunk stands on its own: before its last tag, so that none of them is cut in two."""
    last = data.rfind(b"<")
    return last if last > 0 else len(data)
