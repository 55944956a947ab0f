"""The rows of a sheet that stand in it in another order than on the screen."""

from collections.abc import Iterator
from itertools import islice, pairwise

from instroom.core.xlsx.errors import damaged, unsafe
from instroom.core.xlsx.rows import Row
from instroom.core.xlsx.sheet import SheetReader


def rows_by_number(reader: SheetReader, most: int) -> Iterator[Row]:
    """All rows, read at once and sorted. Raises WorkbookError where two of them are the same one, and for more than
    `most`, as all are in memory."""
    rows = sorted(islice(reader.rows(in_order=False), most + 1), key=lambda row: row.number)
    if len(rows) > most:
        raise unsafe("bomb")
    for row, following in pairwise(rows):
        if row.number == following.number:
            raise damaged("row-twice", row=row.number, sheet=reader.name)
    yield from rows
