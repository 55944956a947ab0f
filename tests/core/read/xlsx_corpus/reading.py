"""Reads hand-written workbooks as the tests want to see them."""

from pathlib import Path

from tests.core.read.xlsx_corpus.parts import parts, write

from instroom.core.layout.loader import Layout
from instroom.core.layout.own_layouts import build
from instroom.core.model import Limits
from instroom.core.xlsx.grid import grid
from instroom.core.xlsx.places import letters

Cells = dict[str, tuple[str, int]]
"""Place → text and `CellNote` flags."""


def cells(path: Path, sheet: str = "Blad1", limits: Limits = Limits()) -> Cells:  # noqa: B008 a NamedTuple does not change
    """The cells of a sheet that are not blank."""
    return {
        f"{letters(column)}{row.number}": (text, row.notes.get(column, 0))
        for row in grid(path, sheet, limits)
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
