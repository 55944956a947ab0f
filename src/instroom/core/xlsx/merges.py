"""Merged cells: a spreadsheet shows the top left one, also where others still hold something."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from instroom.core.xlsx.errors import unsafe
from instroom.core.xlsx.references import Area
from instroom.core.xlsx.rows import Row

_ACTIVE = 512  # merged cells that one row crosses


class Covered(NamedTuple):
    """A merged cell that came down from a row above, with what it shows."""

    area: Area
    text: str
    note: int


def split_merged(rows: Iterable[Row], merges: list[Area]) -> Iterator[tuple[Row, list[Covered]]]:
    """The rows, in order, without the cells that a merged cell covers, and beside each row what came down over it.

    A row that holds nothing else is left out.
    """
    waiting = sorted(merges, key=lambda merge: (merge[1], merge[0]), reverse=True)
    active: list[Area] = []
    shown: dict[Area, tuple[str, int]] = {}
    for row in rows:
        while waiting and waiting[-1][1] <= row.number:
            active.append(waiting.pop())
        active = [merge for merge in active if merge[3] >= row.number]
        if len(active) > _ACTIVE:
            raise unsafe("bomb")
        for merge in active:
            if merge[1] == row.number and merge[0] in row.cells:
                shown[merge] = row.cells[merge[0]], row.notes.get(merge[0], 0)
            _uncover(row, merge)
        if row.cells:
            yield row, [Covered(merge, *shown[merge]) for merge in active if merge[1] < row.number and merge in shown]
        shown = {merge: value for merge, value in shown.items() if merge[3] > row.number} if shown else shown


def _uncover(row: Row, merge: Area) -> None:
    left, top, right, _ = merge
    for column in [column for column in row.cells if left <= column <= right]:
        if (column, row.number) != (left, top):
            del row.cells[column]
            row.notes.pop(column, None)
