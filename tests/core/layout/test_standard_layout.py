"""The standard layout is the one that was agreed, column by column, and has a column for each field of a dossier."""

import csv
from pathlib import Path

import pytest

from instroom.core.fields import FIELDS, Kind
from instroom.core.layout.loader import Column, standard

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


def test_it_has_the_agreed_columns_in_the_agreed_order() -> None:
    assert [as_agreed(column) for column in standard().columns] == agreed_columns()
    assert len(standard().columns) == 108


@pytest.mark.parametrize("kind", ["company", "person"])
def test_it_has_a_column_for_each_field_of_a_dossier_and_for_no_other(kind: Kind) -> None:
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
