"""The example records of the templates and the demo, as rows of any layout (product.md A7)."""

import tomllib
from pathlib import Path
from typing import Any

from instroom.core.layout.loader import Column, Layout, standard
from instroom.core.layout.words import choices_of

_HERE = Path(__file__).parent
_PERSON = "PersoonExternId"


def example_rows(layout: Layout, changes: bool = False) -> list[list[str]]:
    """The example records in the columns of the layout; with `changes` those of a second delivery.

    The second delivery shows a changed field, a person who moved to another company, one who became a private person,
    a new one, one who is not delivered again, and others that stay the same. What a layout has no column for, or does
    not take, is blank.
    """
    records: list[dict[str, str]] = _load("standard.v1.example.toml")["records"]
    if changes:
        records = _changed(records, _load("standard.v1.example-changes.toml"))
    return [_row(layout, record) for record in records]


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / name).read_text(encoding="utf-8"))


def _changed(records: list[dict[str, str]], changes: dict[str, Any]) -> list[dict[str, str]]:
    again = [record for record in records if record.get(_PERSON) not in changes["left_out"]]
    new: list[dict[str, str]] = changes["records"]
    return [{**record, **changes["changed"].get(record.get(_PERSON), {})} for record in again] + new


def _row(layout: Layout, record: dict[str, str]) -> list[str]:
    values = {(column.block, column.field): record.get(column.header, "") for column in standard().columns}
    return [_fitting(column, values.get((column.block, column.field), "")) for column in layout.columns]


def _fitting(column: Column, value: str) -> str:
    choices = choices_of(column)
    fits = len(value) <= column.max_length and (not choices or value in choices)
    return value if fits else ""
