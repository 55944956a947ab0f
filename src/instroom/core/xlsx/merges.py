"""Merged cells: a spreadsheet shows the top left one, also where others still hold something."""

from collections.abc import Iterable, Iterator

from instroom.core.xlsx.places import Area
from instroom.core.xlsx.refusal import unsafe
from instroom.core.xlsx.rows import Row

_ACTIVE = 512  # merged cells that one row crosses


def uncovered(rows: Iterable[Row], merges: list[Area]) -> Iterator[Row]:
    """The rows, in order, without the cells that a merged cell covers; a row that holds nothing else is left out."""
    waiting = sorted(merges, key=lambda merge: merge[1], reverse=True)
    active: list[Area] = []
    for row in rows:
        while waiting and waiting[-1][1] <= row.number:
            active.append(waiting.pop())
        active = [merge for merge in active if merge[3] >= row.number]
        if len(active) > _ACTIVE:
            raise unsafe("bomb")
        for merge in active:
            _uncover(row, merge)
        if row.cells:
            yield row


def _uncover(row: Row, merge: Area) -> None:
    left, top, right, _ = merge
    for column in [column for column in row.cells if left <= column <= right]:
        if (column, row.number) != (left, top):
            del row.cells[column]
            row.notes.pop(column, None)
