"""Whether a sheet without headers goes on where the sheet that is read ends: then people would be missing."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from instroom.core.keys import trim
from instroom.core.layout.loader import Layout
from instroom.core.read.uneven_rows import misfits
from instroom.core.xlsx.rows import Row

_SAMPLE: Final = 200
"""Records of each sheet that are compared."""
_FEWEST_COLUMNS: Final = 3  # a list has two: a code and what it means


class SheetSample(NamedTuple):
    """What the first records of a sheet have in common, by the columns of the layout."""

    keyed: bool
    """Most of them have a key in the columns of a key."""
    sources: frozenset[str]
    usual: frozenset[int]
    """The columns that most of them fill."""
    fits: bool
    """Hardly a value looks like one of another column, and none stands beside the layout."""


def sample(rows: Iterator[Row], header: int, layout: Layout) -> SheetSample:
    """Of the rows below this one."""
    keys = [(block.extern_id.index, block.extern_source.index) for block in (layout.company, layout.person)]
    headers = {column.index: column.header for column in layout.columns}
    width, count, keyed, strange = len(layout.columns), 0, 0, 0
    sources: set[str] = set()
    filled: Counter[int] = Counter()
    for row in islice((row for row in rows if row.number > header), _SAMPLE):
        cells = {column: text for column, cell in row.cells.items() if (text := trim(cell))}
        if not cells or any(text == headers.get(column) for column, text in cells.items()):
            continue
        count += 1
        found = [cells[source] for key, source in keys if key in cells and source in cells]
        keyed += bool(found)
        sources.update(found)
        filled.update(cells.keys())
        beside = sum(column >= width for column in cells)
        strange += beside + len(misfits([cells.get(column, "") for column in range(width)], layout.columns))
    usual = frozenset(column for column, times in filled.items() if 2 * times > count)
    return SheetSample(2 * keyed > count, frozenset(sources), usual, 10 * strange <= filled.total())


def likeness(read: SheetSample, other: SheetSample) -> str | None:
    """`same`: the other sheet goes on with the records of the one that is read; `perhaps`; None: it does not.

    That it has keys of the same source tells it, and else that it fills the same columns.
    """
    if not (other.keyed and other.fits and len(other.usual) >= _FEWEST_COLUMNS):
        return None
    if not read.sources.isdisjoint(other.sources):
        return "same"
    shared, either = len(read.usual & other.usual), len(read.usual | other.usual)
    return "same" if 3 * shared >= 2 * either else "perhaps" if 2 * shared >= len(other.usual) else None
