"""A layout that cannot be used says which column is to blame, before a delivery meets it."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from instroom.core.errors import LayoutError
from instroom.core.layout.own_layouts import build, load

MARKER = Path(__file__).parents[2] / "deliveries" / "marker-layout" / "marker.v1.toml"
NAME, KIND, SURNAME, GENDER, BIRTH = 3, 5, 22, 23, 24  # positions of columns in the marker layout


def data() -> dict[str, Any]:
    return tomllib.loads(MARKER.read_text(encoding="utf-8"))


def test_a_sound_layout_is_built() -> None:
    assert build(data()).id == "marker/1"


@pytest.mark.parametrize(
    ("position", "change", "message"),
    [
        (NAME, {"max_length": 101}, r"column 4 \(Naam\): max_length is 1 to 100, not 101"),
        (NAME, {"max_length": 0}, "max_length is 1 to 100, not 0"),
        (NAME, {"max_length": "veel"}, "invalid literal"),
        (NAME, {"type": "date"}, "name is of type text, not date"),
        (NAME, {"type": "kleur"}, "no type kleur"),
        (NAME, {"type": "choice"}, "a choice must list its choices"),
        (NAME, {"type": "choice", "choices": ["a" * 101]}, "a choice is longer than max_length"),
        (NAME, {"field": "naam"}, "no field naam"),
        (NAME, {"field": "phone"}, "two columns fill the same field"),
        (NAME, {"field": "categories.2.group"}, "one half of the pair has no column"),
        (NAME, {"block": "customer"}, "no block customer"),
        (NAME, {"header": "Naam "}, "no spaces around it"),
        (NAME, {"header": " "}, "a header is text"),
        (NAME, {"header": 12}, "a header is text"),
        (NAME, {"header": "Na\x00am"}, "no control characters"),
        (NAME, {"header": "Telefoon"}, "BEDRIJF Telefoon occurs twice in one block"),
        (NAME, {"header": "Identificatie Nr!"}, None),
        (NAME, {"header": "IdentificatieNr."}, None),
        (NAME, {"required": "soms"}, "required cannot be 'soms'"),
        (NAME, {"required": []}, r"required cannot be \[\]"),
        (NAME, {"type": "choice", "choices": [5]}, "choices cannot be 5"),
        (NAME, {"nl": 5}, "nl cannot be 5"),
        (NAME, {"max_length": float("inf")}, "infinity"),
        (KIND, {"choices": ["KVK"]}, None),
        (GENDER, {"choices": ["M", "V", "Z"]}, "the only choices are M, V, X and O"),
        (BIRTH, {"type": "text"}, "date_of_birth is of type date, not text"),
        (SURNAME, {"type": "multiline", "max_length": 40}, None),
    ],
)
def test_a_column_is_held_against_the_standard_layout(
    position: int, change: dict[str, Any], message: str | None
) -> None:
    layout = data()
    layout["columns"][position] |= change
    if message is None:
        assert build(layout).columns[position].header == layout["columns"][position]["header"]
    else:
        with pytest.raises(LayoutError, match=message) as raised:
            build(layout)
        assert raised.value.sentence("nl") != raised.value.sentence("en") == str(raised.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "Mijn indeling"}, "a name has lower-case letters"),
        ({"name": "a/b"}, "a name has lower-case letters"),
        ({"name": "a" * 61}, "at most 60"),
        ({"version": 0}, "whole numbers from 1"),
        ({"version": 2**31}, "to 2,147,483,647"),
        ({"version": "één"}, "één"),
        ({"columns": []}, "company: there is no column for extern_id"),
        ({"columns": "Naam"}, "layout marker"),
        ({"columns": ["Naam"]}, "layout marker"),
    ],
)
def test_a_layout_has_a_name_a_version_and_columns(change: dict[str, Any], message: str) -> None:
    with pytest.raises(LayoutError, match=message) as raised:
        build(data() | change)
    assert raised.value.sentence("nl") != raised.value.sentence("en")


def test_a_fault_is_told_in_dutch_too() -> None:
    layout = data()
    layout["columns"][NAME] |= {"max_length": 101}
    with pytest.raises(LayoutError) as raised:
        build(layout)
    told = "indeling marker/1, kolom 4 (Naam): max_length is 1 tot en met 100, niet 101"
    assert raised.value.sentence("nl") == told


def test_two_headers_of_a_block_cannot_come_to_one_xml_element() -> None:
    layout = data()
    layout["columns"][NAME]["header"] = "Soort nr"
    layout["columns"][NAME + 1]["header"] = "Soort-nr"
    assert build(layout)
    layout["columns"][NAME + 1]["header"] = "Soort_nr"
    with pytest.raises(LayoutError, match="the same XML element, Soort_nr"):
        build(layout)


@pytest.mark.parametrize(
    "content",
    [
        b"name = ",
        b"\xff\xfe",
        b"",
        b"version = " + b"9" * 5000,
        b"columns = " + b"[" * 20_000,
        b"a." * 20_000 + b"a = 1",
    ],
)
def test_a_file_that_is_no_layout_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "kapot.toml").write_bytes(content)
    with pytest.raises(LayoutError, match=r"kapot\.toml|layout"):
        load(tmp_path / "kapot.toml")
