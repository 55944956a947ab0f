"""A file with only the records that were kept out, in the delivery layout: to mend and deliver again (C4)."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Final

from instroom.core.layout.delivery import write_records
from instroom.core.layout.loader import Layout
from instroom.core.model import Checked, FileFormat, Table

_FORMATS: Final[dict[str, FileFormat]] = {".csv": "csv", ".xlsx": "xlsx", ".xml": "xml"}


def write_rejected(target: Path, checked: Checked, table: Table, layout: Layout, left_out: Collection[int] = ()) -> int:
    """Write the refused records and return how many; the suffix of the target says as csv, xlsx or xml.

    `left_out` are rows that planning kept out besides. Values are as delivered, untrimmed and without an apostrophe
    before a `=`: anything added would become part of the value at the next delivery. CSV therefore is for delivering;
    who wants to look at the values opens the XLSX, where all cells are text.

    A record of another width than the header is in the CSV as it was; a workbook or XML could only hold it with its
    values in the wrong places, so there it is left out. A file that was rejected as a whole has no refused records of
    its own: nothing is written. Raises ValueError at another suffix, OSError where the file cannot be written.
    """
    file_format = _FORMATS.get(target.suffix.lower())
    if file_format is None:
        raise ValueError(f"{target.name}: .csv, .xlsx or .xml")
    rows = list(_refused(checked, table, left_out, file_format)) if not checked.rejected else []
    if rows:
        write_records(target, file_format, layout, rows)
    return len(rows)


def _refused(
    checked: Checked, table: Table, left_out: Collection[int], file_format: FileFormat
) -> Iterator[Sequence[str]]:
    refused = checked.refused.union(left_out)
    rows = [(place, row) for place, row in zip(table.places, table.rows, strict=True) if place in refused]
    if file_format == "csv":
        rows = sorted([*rows, *table.odd_rows.items()])
    return (row for _, row in rows)
