"""The example records of the templates and the demo, as rows of any layout (product.md A7).

They are written once, under the headers of the newest standard layout. Any other layout gets what it has columns for.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

from instroom.core.check.repetition.example_records import ExampleRecords
from instroom.core.fields import Kind
from instroom.core.keys import Key, key
from instroom.core.layout.descriptions import choices_of
from instroom.core.layout.loader import Column, Layout
from instroom.core.layout.standard import standard

_HERE = Path(__file__).parent
_PERSON: Final = "PersoonExternId"
_Field = tuple[str, str]  # block and field
_DEPENDS_ON: Final = {"postal_code": "{}.country", "registration_number": "registration_type"}
_DUTCH: Final = ("", "NL", "KVK")


@cache
def _example_names() -> dict[Kind, dict[Key, frozenset[str]]]:
    """The names of the companies and persons of both deliveries, by key."""
    records: list[dict[str, str]] = _load("example.toml")["records"]
    records = [*records, *_changed(records, _load("example-changes.toml"))]
    names: dict[Kind, dict[Key, frozenset[str]]] = {"company": {}, "person": {}}
    blocks: tuple[tuple[Kind, str, str], ...] = (("company", "Bedrijf", "Naam"), ("person", "Persoon", "Achternaam"))
    for kind, prefix, name in blocks:
        for record in records:
            if extern_id := record.get(f"{prefix}ExternId"):
                identity = key(record[f"{prefix}ExternSource"], extern_id)
                known = names[kind].get(identity, frozenset())
                names[kind][identity] = known | {record[f"{prefix}{name}"]} if f"{prefix}{name}" in record else known
    return names


EXAMPLES: Final = ExampleRecords(frozenset(("Voorbeeld-CRM", "Voorbeeld-HR")), _example_names)


def example_rows(layout: Layout, changes: bool = False) -> list[list[str]]:
    """The example records in the columns of the layout; with `changes` those of a second delivery.

    The second delivery shows a changed field, a person who moved to another company, one who became a private person,
    a new one, one who is not delivered again, and others that stay the same. What a layout has no column for, or does
    not take, is blank.
    """
    records: list[dict[str, str]] = _load("example.toml")["records"]
    if changes:
        records = _changed(records, _load("example-changes.toml"))
    here, rows = {_field(column) for column in layout.columns}, []
    for record in records:
        values = {_field(column): record.get(column.header, "") for column in standard().columns}
        rows.append([_fitting_value(column, values, here) for column in layout.columns])
    return rows


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / name).read_text(encoding="utf-8"))


def _changed(records: list[dict[str, str]], changes: dict[str, Any]) -> list[dict[str, str]]:
    again = [record for record in records if record.get(_PERSON) not in changes["left_out"]]
    new: list[dict[str, str]] = changes["records"]
    return [{**record, **changes["changed"].get(record.get(_PERSON), {})} for record in again] + new


def _field(column: Column) -> _Field:
    return column.block, column.field


def _fitting_value(column: Column, values: dict[_Field, str], here: set[_Field]) -> str:
    """The value where the column takes it and it means the same: without a column that says Belgian, a number would be
    a Dutch one."""
    value, choices = values.get(_field(column), ""), choices_of(column)
    fits = len(value) <= column.max_length and (not choices or value in choices)
    depends_on = column.block, _DEPENDS_ON.get(column.type, "").format(column.field.rpartition(".")[0])
    means_the_same = depends_on in here or values.get(depends_on, "") in _DUTCH
    return value if fits and means_the_same else ""
