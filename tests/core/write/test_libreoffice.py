"""A template that a supplier opens and saves again with LibreOffice is still a good delivery (product.md A7)."""

import subprocess
import tomllib
from pathlib import Path

import pytest
from tests.core.write.hostile_values import PLAIN_TEXT

from instroom.core.layout.derive import derive
from instroom.core.layout.loader import Layout
from instroom.core.layout.own_layouts import build, load
from instroom.core.layout.standard import standard
from instroom.core.pipeline import check_file
from instroom.core.write.delivery_file import write_records
from instroom.core.write.example import example_rows
from instroom.core.write.templates import write_template

MARKER = load(Path(__file__).parents[2] / "deliveries" / "marker-layout" / "marker.v1.toml")
pytestmark = pytest.mark.slow


def saved_again(workbook: Path, folder: Path) -> Path:
    """The workbook as LibreOffice saves it; its profile is of this run alone."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    convert = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "saved")]
    subprocess.run([*convert, str(workbook)], check=True, capture_output=True, timeout=180)
    return folder / "saved" / workbook.name


@pytest.mark.parametrize("layout", [standard(), MARKER], ids=lambda layout: layout.name)
def test_the_example_saved_again_passes_with_the_same_values(tmp_path: Path, layout: Layout) -> None:
    template = tmp_path / f"{layout.name}.xlsx"
    write_template(template, layout, "xlsx", example=True)
    saved = saved_again(template, tmp_path)
    checked, table = check_file(saved, layout)
    assert [item for item in checked.findings if item.severity != "notice"] == []
    assert table is not None
    assert table.rows == example_rows(layout)
    assert build(tomllib.loads(derive(saved))) == layout


def test_text_that_looks_like_something_else_stays_text(tmp_path: Path) -> None:
    rows = [["1", "hr", value, *[""] * (len(standard().columns) - 3)] for value in PLAIN_TEXT]
    write_records(tmp_path / "uit.xlsx", "xlsx", standard(), rows)
    _, table = check_file(saved_again(tmp_path / "uit.xlsx", tmp_path), standard())
    assert table is not None
    assert [row[2] for row in table.rows] == PLAIN_TEXT
    assert table.notes == {}
