"""A file with only the records that were kept out, in the delivery layout: to correct and deliver again (C4)."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from instroom.core.layout.loader import Layout
from instroom.core.model import Checked, FileFormat, Table
from instroom.core.write.delivery_file import write_records
from instroom.core.write.to_xml import fits_xml

_FORMATS: Final[dict[str, FileFormat]] = {".csv": "csv", ".xlsx": "xlsx", ".xml": "xml"}


def write_rejected(target: Path, checked: Checked, table: Table, layout: Layout) -> int:
    """Write the refused records and return how many; the suffix of the target says as csv, xlsx or xml.

    Values are as delivered, untrimmed and without an apostrophe before a `=`: anything added would become part of the
    value at the next delivery. CSV therefore is for delivering; who wants to look at the values opens the XLSX, where
    all cells are text.

    What the format cannot hold as it was is not in the file: `not_held` names it. A file that was rejected as a whole
    has no refused records of its own: nothing is written. Raises ValueError at another suffix, OSError where the file
    cannot be written.
    """
    file_format = _FORMATS.get(target.suffix.lower())
    if file_format is None:
        raise ValueError(f"{target.name}: .csv, .xlsx or .xml")
    rows = list(_refused(checked, table, file_format)) if not checked.rejected else []
    if rows:
        write_records(target, file_format, layout, rows)
    return len(rows)


def not_held(target: Path, checked: Checked, table: Table) -> list[int]:
    """The rows of refused records that are not in the file, since its format cannot hold them as they were.

    A workbook or XML would hold a record of another width with its values in the wrong places, and XML has no place for
    most control characters: without them the record would pass as sound at the next delivery. CSV holds all that was
    kept of the file.
    """
    whole = {place for place, _ in _whole(checked, table)}
    missing = checked.refused - whole
    if target.suffix.lower() == ".csv":
        return sorted(missing - table.wrong_width_rows.keys())
    if target.suffix.lower() == ".xml":
        missing = missing.union(place for place, row in _whole(checked, table) if not fits_xml(row))
    return sorted(missing)


def _refused(checked: Checked, table: Table, file_format: FileFormat) -> Iterator[Sequence[str]]:
    rows = _whole(checked, table)
    if file_format == "csv":
        rows = sorted([*rows, *table.wrong_width_rows.items()])
    return (row for _, row in rows if file_format != "xml" or fits_xml(row))


def _whole(checked: Checked, table: Table) -> list[tuple[int, list[str]]]:
    return [(place, row) for place, row in zip(table.places, table.rows, strict=True) if place in checked.refused]
