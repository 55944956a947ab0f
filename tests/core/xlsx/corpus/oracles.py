"""What openpyxl and LibreOffice read in a workbook, and in what it differs from what we read."""

import csv
import datetime
import math
import re
import subprocess
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
from openpyxl.cell.cell import MergedCell

from instroom.core.model import CellNote
from instroom.core.xlsx.references import column_letters
from instroom.core.xlsx.rows import Row

_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_NUMBER = re.compile(r"-?[\d.]*(,\d+)?(E[+-]?\d+)?%?")
_EXPORT = "csv:Text - txt - csv (StarCalc):44,34,76,1,,1043,true,true,true,false,false,-1"
"""Commas, quotes, UTF-8, from row 1, Dutch, texts quoted, as shown, every sheet in a file of its own."""
_DUTCH = (
    '<?xml version="1.0"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    '<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">'
    "<value>nl-NL</value></prop></item></oor:items>"
)


class Difference(NamedTuple):
    """A cell that somebody else reads in another way."""

    place: str
    ours: str
    theirs: str
    notes: int


class Compared(NamedTuple):
    """How many cells, in how many of which ways they are the same, and those that are not."""

    ways: Counter[str]
    differences: list[Difference]


def with_openpyxl(path: Path, grids: dict[str, list[Row]]) -> Compared:
    """Every cell of every sheet against the value that openpyxl has for it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path, data_only=True)
    compared = Compared(Counter(), [])
    for sheet in book.worksheets:
        theirs = {
            (row, column - 1): cell
            for (row, column), cell in sheet._cells.items()
            if cell.value is not None and not isinstance(cell, MergedCell)
        }
        _compare(compared, grids[sheet.title], theirs, _same_as_openpyxl, sheet.title)
    return compared


def _same_as_openpyxl(text: str, notes: int, cell: Any) -> str | None:
    value = None if cell is None else cell.value
    if value is None:
        return "blank" if text == "" else None
    if isinstance(value, bool):
        return "boolean" if text == str(value).upper() and notes & CellNote.BOOLEAN else None
    if isinstance(value, int | float):
        return _same_number(text, value, cell.number_format)
    if isinstance(value, datetime.datetime | datetime.date):
        return "date" if notes & CellNote.DATE and _same_date(text, value) else None
    if isinstance(value, datetime.time | datetime.timedelta):
        return "time" if notes & CellNote.DATE and ":" in text else None
    if cell.data_type == "e":
        return "error" if (text, notes & CellNote.ERROR) == (value, CellNote.ERROR) else None
    decoded = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), value)
    return "text" if text in (value, decoded) else None


def _same_number(text: str, value: float, code: str) -> str | None:
    if code != "General":
        return "number in a format"  # which openpyxl does not show
    ours = float(text.replace(",", "."))
    return "number" if math.isclose(ours, value, rel_tol=1e-14) else None


def _same_date(text: str, value: datetime.date) -> bool:
    return text[:10] == value.strftime("%d-%m-%Y") or "-" not in text


def export(paths: list[Path], folder: Path) -> None:
    """Let LibreOffice, set to Dutch, write each sheet of these workbooks as CSV."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_DUTCH, encoding="utf-8")
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", _EXPORT]
    subprocess.run([*command, "--outdir", str(folder), *map(str, paths)], capture_output=True, check=True, timeout=300)


def with_libreoffice(path: Path, folder: Path, grids: dict[str, list[Row]]) -> Compared:
    """Every cell of every sheet against LibreOffice's own export in this folder."""
    compared = Compared(Counter(), [])
    for name, rows in grids.items():
        exported = folder / f"{path.stem}-{name}.csv"
        if not exported.exists():
            compared.ways["sheet without an export"] += 1
            continue
        with exported.open(encoding="utf-8", newline="") as file:
            theirs = {
                (number, column): text
                for number, line in enumerate(csv.reader(file), 1)
                for column, text in enumerate(line)
                if text
            }
        _compare(compared, rows, theirs, _same_as_libreoffice, name)
    return compared


def _same_as_libreoffice(text: str, notes: int, theirs: str | None) -> str | None:
    theirs = theirs or ""
    if _lines(text) == _lines(theirs):
        return "equal"
    if notes & CellNote.FORMULA:
        return "formula that is computed anew"
    if notes & CellNote.DATE:
        return "date in the order of its format" if theirs else None
    if notes & CellNote.BOOLEAN:
        return "boolean" if theirs in ("WAAR", "ONWAAR", "TRUE", "FALSE") else None
    if notes & CellNote.ERROR:
        return "error" if theirs.startswith(("#", "Err:")) else None
    if notes & CellNote.NUMBER and _NUMBER.fullmatch(text) and _NUMBER.fullmatch(theirs):
        return "number to fewer digits" if math.isclose(_value(text), _value(theirs), rel_tol=1e-5) else None
    return None


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip(" ")


def _value(text: str) -> float:
    return float(text.rstrip("%").replace(".", "").replace(",", ".") or "nan")


def _compare(compared: Compared, rows: list[Row], theirs: dict[tuple[int, int], Any], same: Any, sheet: str) -> None:
    for (row, column), text, notes in _both(rows, theirs):
        other = theirs.get((row, column))
        way = same(text, notes, other)
        if way is not None:
            compared.ways[way] += 1
        else:
            found = getattr(other, "value", other)
            compared.differences.append(Difference(f"{sheet}!{column_letters(column)}{row}", text, str(found), notes))


def _both(rows: list[Row], theirs: dict[tuple[int, int], Any]) -> Iterator[tuple[tuple[int, int], str, int]]:
    ours = {(row.number, column): row for row in rows for column in row.cells}
    for place in ours.keys() | theirs.keys():
        row = ours.get(place)
        yield (place, "", 0) if row is None else (place, row.cells[place[1]], row.notes.get(place[1], 0))
