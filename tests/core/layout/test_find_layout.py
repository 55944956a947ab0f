"""Layouts are found by name, or by name and version, never by path; what there is is said when there is none."""

import shutil
from pathlib import Path

import pytest

from instroom.core.errors import LayoutError
from instroom.core.layout.find import find_layout
from instroom.core.layout.standard import DEFAULT_LAYOUT, standard, standard_layouts

MARKER = Path(__file__).parents[2] / "deliveries" / "marker-layout" / "marker.v1.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(MARKER, tmp_path / "eigen.toml")
    later = MARKER.read_text(encoding="utf-8").replace("version = 1", "version = 12")
    (tmp_path / "later.toml").write_text(later, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("standard", DEFAULT_LAYOUT),
        ("standard/1", "standard/1"),
        ("marker", "marker/12"),
        ("marker/1", "marker/1"),
    ],
)
def test_a_layout_is_found(folder: Path, name: str, found: str) -> None:
    assert find_layout(name, [folder]).id == found


@pytest.mark.parametrize("name", ["anders", "marker/2", "standard/99", "Standard", "", str(MARKER)])
def test_an_unknown_name_says_what_there_is(folder: Path, name: str) -> None:
    *known, last = ["marker/1", "marker/12", *(layout.id for layout in standard_layouts())]
    with pytest.raises(LayoutError, match=f"choose {', '.join(known)} or {last}"):
        find_layout(name, [folder])


def test_a_file_that_cannot_be_used_spoils_no_other_and_is_named(folder: Path) -> None:
    (folder / "kapot.toml").write_text("name = ", encoding="utf-8")
    assert find_layout("marker", [folder]).version == 12
    with pytest.raises(LayoutError, match=r"kapot\.toml") as raised:
        find_layout("kapot", [folder])
    dutch = raised.value.sentence("nl")
    assert dutch.startswith("er is geen indeling kapot; kies marker/1") and "kapot.toml kan niet" in dutch


def test_two_files_with_the_same_layout_are_not_chosen_between(folder: Path) -> None:
    shutil.copy(MARKER, folder / "dubbel.toml")
    with pytest.raises(LayoutError, match="two files hold the layout marker/1"):
        find_layout("marker/1", [folder])


def test_nobody_takes_the_name_of_the_standard_layout(folder: Path) -> None:
    text = MARKER.read_text(encoding="utf-8").replace('name = "marker"', 'name = "standard"')
    (folder / "vals.toml").write_text(text, encoding="utf-8")
    assert find_layout("standard", [folder]) == standard()
