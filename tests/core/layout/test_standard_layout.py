"""A released version of the standard layout stays as it was agreed; the newest has a column for each field."""

import csv
from pathlib import Path

import pytest

from instroom.core.fields import FIELDS, Kind
from instroom.core.layout.loader import Column, Layout
from instroom.core.layout.soundness import prove_sound
from instroom.core.layout.standard import DEFAULT_LAYOUT, standard, standard_layouts, standard_named

AGREED = Path(__file__).parents[2] / "deliveries" / "standard-columns.csv"


def agreed_columns() -> list[dict[str, str]]:
    with AGREED.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def as_agreed(column: Column) -> dict[str, str]:
    choices = f":{'|'.join(column.choices)}" if column.choices else ""
    return {
        "position": str(column.index + 1),
        "header": column.header,
        "block": column.block,
        "field": column.field,
        "type": column.type + choices,
        "max_length": str(column.max_length),
        "required": column.required,
        "description_nl": column.nl,
        "description_en": column.en,
    }


def test_the_first_version_has_the_agreed_columns_in_the_agreed_order() -> None:
    first = standard_layouts()[0]
    assert [as_agreed(column) for column in first.columns] == agreed_columns()
    assert (first.id, len(first.columns)) == ("standard/1", 108)


def test_the_versions_are_numbered_and_the_newest_is_the_default() -> None:
    versions = standard_layouts()
    assert [layout.id for layout in versions] == [f"standard/{number}" for number in range(1, len(versions) + 1)]
    assert versions[-1] is standard() is standard_named("standard") is standard_named(DEFAULT_LAYOUT)
    assert [standard_named(layout.id) for layout in versions] == versions
    assert standard_named(f"standard/{len(versions) + 1}") is None is standard_named("standaard")


@pytest.mark.parametrize("layout", standard_layouts(), ids=lambda layout: layout.id)
def test_each_version_lets_in_what_a_dossier_can_hold(layout: Layout) -> None:
    prove_sound(layout, standard())


@pytest.mark.parametrize("kind", ["company", "person"])
def test_the_newest_has_a_column_for_each_field_of_a_dossier_and_for_no_other(kind: Kind) -> None:
    block = standard().block(kind)
    pairs = [column.field for pair in (*block.categories, *block.free_fields) for column in pair]
    keys = [block.extern_id.field, block.extern_source.field]
    assert [column.field for column in block.columns if column.field not in (*pairs, *keys)] == list(FIELDS[kind])
    assert (len(block.categories), len(block.free_fields)) == (5, 5)


def test_a_natural_person_is_in_the_person_block_only() -> None:
    assert not any(column.personal for column in standard().company.columns)
    impersonal = {column.header for column in standard().person.columns if not column.personal}
    assert "PersoonExternSource" in impersonal
    assert {"PersoonAchternaam", "PersoonGeboortedatum", "PersoonMobiel", "PersoonOpmerking"}.isdisjoint(impersonal)
