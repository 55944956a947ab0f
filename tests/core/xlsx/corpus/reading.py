"""Reads hand-written workbooks as the tests want to see them."""

from pathlib import Path

from tests.core.xlsx.corpus.parts import parts, write

from instroom.core.layout.loader import Layout
from instroom.core.layout.own_layouts import build
from instroom.core.model import Limits
from instroom.core.xlsx.merges import split_merged
from instroom.core.xlsx.references import column_letters
from instroom.core.xlsx.rows import Row
from instroom.core.xlsx.workbook import Workbook

Cells = dict[str, tuple[str, int]]
"""Place → text and `CellNote` flags."""


def sheet_rows(path: Path, sheet: str, limits: Limits = Limits()) -> list[Row]:  # noqa: B008 a NamedTuple does not change
    """The rows of a sheet as it shows, without a layout."""
    with Workbook(path, limits) as book:
        reader = book.reader({known.name: known for known in book.sheets}[sheet])
        rows = list(reader.rows())
        return [row for row, _ in split_merged(rows, reader.merges)]


def cells(path: Path, sheet: str = "Blad1", limits: Limits = Limits()) -> Cells:  # noqa: B008 a NamedTuple does not change
    """The cells of a sheet that are not blank."""
    return {
        f"{column_letters(column)}{row.number}": (text, row.notes.get(column, 0))
        for row in sheet_rows(path, sheet, limits)
        for column, text in row.cells.items()
    }


def read_rows(tmp_path: Path, rows: str, **others: str) -> Cells:
    """The cells of a workbook with these rows, and with these parts besides."""
    named = {f"xl/{name}.xml": content for name, content in others.items()}
    return cells(write(tmp_path / "a.xlsx", parts(rows, **named)))


def texts(tmp_path: Path, rows: str, **others: str) -> dict[str, str]:
    """The same without the flags."""
    return {place: text for place, (text, _) in read_rows(tmp_path, rows, **others).items()}


def small_layout() -> Layout:
    """Four columns: the keys of a company and of a person."""
    columns = [
        {
            "header": f"{word}Extern{half}",
            "block": block,
            "field": f"extern_{half.lower()}",
            "type": kind,
            "max_length": 50,
        }
        for word, block in (("Bedrijf", "company"), ("Persoon", "person"))
        for half, kind in (("Id", "extern_id"), ("Source", "extern_source"))
    ]
    return build({"name": "klein", "version": 1, "columns": columns})
