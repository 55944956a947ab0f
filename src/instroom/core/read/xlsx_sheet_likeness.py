"""Whether a sheet without headers goes on where the sheet that is read ends: then people would be missing."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from instroom.core.fields import FIELDS, REQUIRED
from instroom.core.keys import trim
from instroom.core.layout.loader import Layout
from instroom.core.read.uneven_rows import misfits, pattern_of
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
    named: bool
    """Each has what no dossier is without: a company its name, a person the surname."""
    telling: bool
    """Most of them have a value that cannot stand in any column, such as a postal code or an e-mail address."""
    repeats: bool
    """Several are of one source: the second column of a list has another text on each row."""
    fits: bool
    """Hardly a value looks like one of another column, and none stands beside the layout."""


def sample(rows: Iterator[Row], header: int, layout: Layout) -> SheetSample:
    """Of the rows below this one."""
    blocks = (layout.company, layout.person)
    keys = [(block.extern_id.index, block.extern_source.index) for block in blocks]
    headers = {column.index: column.header for column in layout.columns}
    named = {
        block.extern_source.index: column.index
        for block in blocks
        if (column := block.fields[FIELDS[block.kind].index(REQUIRED[block.kind])])
    }
    width, count, keyed, strange, whole = len(layout.columns), 0, 0, 0, 0
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
        whole += bool(found) and all(name in cells for source, name in named.items() if source in cells)
        filled.update(cells.keys())
        beside = sum(column >= width for column in cells)
        strange += beside + len(misfits([cells.get(column, "") for column in range(width)], layout.columns))
    usual = frozenset(column for column, times in filled.items() if 2 * times > count)
    return SheetSample(
        keyed=2 * keyed > count,
        sources=frozenset(sources),
        usual=usual,
        named=whole == count,
        telling=any(pattern_of(layout.columns[column]) for column in usual if column < width),
        repeats=2 * len(sources) <= count,
        fits=10 * strange <= filled.total(),
    )


def likeness(read: SheetSample, other: SheetSample) -> str | None:
    """`same`: the other sheet goes on with the records of the one that is read; `perhaps`; None: it does not.

    That it has keys of the same source tells it, or that it holds dossiers of its own, such as companies beside
    persons, and else that it fills the same columns.
    """
    if not (other.keyed and other.fits and len(other.usual) >= _FEWEST_COLUMNS):
        return None
    if (other.named and other.telling) or not read.sources.isdisjoint(other.sources):
        return "same"
    shared, either = len(read.usual & other.usual), len(read.usual | other.usual)
    if 3 * shared >= 2 * either:
        return "same"
    return "perhaps" if 2 * shared >= len(other.usual) or (other.named and other.repeats) else None
