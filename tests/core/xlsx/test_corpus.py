"""Cell by cell what openpyxl and LibreOffice read, over workbooks that they and XlsxWriter write.

`INSTROOM_XLSX_CORPUS` may name a folder of other workbooks. Those hold what cannot be the same (pivot tables that
LibreOffice computes anew, formats that it does not know), so there the share of cells that differ is bounded.
"""

import os
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from tests.core.xlsx.corpus.oracles import Difference, export, with_libreoffice, with_openpyxl
from tests.core.xlsx.corpus.reading import sheet_rows
from tests.core.xlsx.corpus.workbooks import GENERATED

from instroom.core.model import Limits
from instroom.core.xlsx.errors import WorkbookError
from instroom.core.xlsx.rows import Row
from instroom.core.xlsx.workbook import Workbook

pytestmark = pytest.mark.slow

SHARE = 0.002  # of the cells of other people's workbooks


def _sheets(path: Path) -> dict[str, list[Row]]:
    with Workbook(path, Limits()) as book:
        names = [sheet.name for sheet in book.sheets]
    return {name: sheet_rows(path, name) for name in names}


def _generated(folder: Path) -> list[Path]:
    paths = []
    for number, make in enumerate(GENERATED.values()):
        paths.append(folder / f"boek{number}.xlsx")
        make(paths[-1])
    return paths


def _saved_again(paths: list[Path], folder: Path) -> list[Path]:
    """The workbooks as LibreOffice writes them."""
    target = folder / "opnieuw"
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to"]
    command += ["xlsx:Calc MS Excel 2007 XML", "--outdir", str(target), *map(str, paths)]
    subprocess.run(command, capture_output=True, check=True, timeout=300)
    return sorted(target.glob("*.xlsx"))


def test_the_same_as_openpyxl_and_libreoffice(tmp_path: Path) -> None:
    written = _generated(tmp_path)
    again = _saved_again(written, tmp_path)
    assert len(again) == len(written)
    for paths in (written, again):
        exported = tmp_path / f"csv-{len(paths[0].parts)}"
        export(paths, exported)
        for path in paths:
            sheets = _sheets(path)
            compared = with_libreoffice(path, exported, sheets)
            assert compared.differences == [], path.name
            assert compared.ways["equal"] > 20
            assert compared.ways["sheet without an export"] == 0
            assert with_openpyxl(path, sheets).differences == [], path.name


def test_other_workbooks_are_the_same_to_openpyxl() -> None:
    folder = os.environ.get("INSTROOM_XLSX_CORPUS")
    ways: Counter[str] = Counter()
    differences: list[Difference] = []
    for path in sorted(Path(folder).rglob("*.xlsx")) if folder else []:
        try:
            sheets = _sheets(path)
        except WorkbookError:
            ways["workbook refused"] += 1
            continue
        try:
            compared = with_openpyxl(path, sheets)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, OSError):
            ways["workbook that openpyxl cannot read"] += 1
            continue
        ways += compared.ways
        differences += compared.differences
    assert len(differences) <= SHARE * ways.total(), differences[:20]
