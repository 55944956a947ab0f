"""What a layout is, and how it is loaded from its data file."""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from instroom.core.errors import LayoutError
from instroom.core.fields import FIELDS, Kind

COLUMN_TYPES = frozenset(
    "extern_id extern_source text multiline date choice yes_no country language postal_code phone email url"
    " registration_number vat_number category_group category free_field_definition marker".split()
)
_DOTS: Final = 1_000
"""In a line: tomllib takes the square of the parts of a key, and of 20,000 six seconds."""


class Column(NamedTuple):
    index: int  # type: ignore[assignment] # hides tuple.index; position in the file, from 0
    header: str
    block: Literal["company", "person", "marker"]
    field: str
    """Such as `postal_address.street`, `categories.1.group`, `free_fields.1.value`; "" for a marker."""
    type: str
    max_length: int  # characters
    required: Literal["", "key", "yes", "pair"]
    personal: bool
    choices: tuple[str, ...]
    nl: str
    en: str
    label: str
    """The header where that is unique in the layout, else the header with the block's marker or name before it."""


class Block(NamedTuple):
    """The columns of the company or of the person in a layout."""

    kind: Kind
    columns: tuple[Column, ...]
    extern_id: Column
    extern_source: Column
    fields: tuple[Column | None, ...]
    """A column for each of `FIELDS[kind]`, None where this layout has none."""
    categories: tuple[tuple[Column, Column], ...]
    """(group, category)"""
    free_fields: tuple[tuple[Column, Column], ...]
    """(definition, value)"""


class Layout(NamedTuple):
    """An ordered list of columns, with a name and a version."""

    name: str
    version: int
    columns: tuple[Column, ...]
    company: Block
    person: Block

    @property
    def id(self) -> str:
        """As the contracts write it: `standard/1`."""
        return f"{self.name}/{self.version}"

    @property
    def headers(self) -> tuple[str, ...]:
        """The first row of a file in this layout."""
        return tuple(column.header for column in self.columns)

    def block(self, kind: Kind) -> Block:
        """The company's columns, or the person's."""
        return self.company if kind == "company" else self.person


def parse(path: Path) -> dict[str, Any]:
    """The contents of a layout file. Raises LayoutError where it cannot be read."""
    return parse_text(read_text(path), path.name)


def read_text(path: Path) -> str:
    """A layout file as it is written. Raises LayoutError."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise LayoutError("layout-unreadable", file=path.name, problem=error) from error


def parse_text(text: str, name: str) -> dict[str, Any]:
    """As `parse`; `name` is what an error calls it."""
    try:
        if any(line.count(".") > _DOTS for line in text.splitlines()):
            raise ValueError(f"more than {_DOTS} dots in a line")
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is a ValueError
        raise LayoutError("layout-unreadable", file=name, problem=error) from error


def make(data: dict[str, Any]) -> Layout:
    """A layout from its parsed file. Raises LayoutError where something is missing or has an impossible form."""
    try:
        columns = _columns(data["columns"])
        company, person = _block("company", columns), _block("person", columns)
        return Layout(str(data["name"]), int(data["version"]), columns, company, person)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise LayoutError("layout-incomplete", name=data.get("name", "?"), problem=repr(error)) from error


def _columns(rows: list[dict[str, Any]]) -> tuple[Column, ...]:
    headers = Counter(row["header"] for row in rows)
    columns, qualifier = [], ""
    for index, row in enumerate(rows):
        header = row["header"]
        if row["block"] == "marker":
            qualifier = header
        label = header if headers[header] == 1 else f"{qualifier or row['block']} {header}"
        columns.append(_column(index, row, label))
    labels = Counter(column.label for column in columns)
    if double := [label for label, n in labels.items() if n > 1]:
        label = double[0]
        raise LayoutError("layout-column-twice", column=label)
    return tuple(columns)


def _column(index: int, row: dict[str, Any], label: str) -> Column:
    marker = row["block"] == "marker"
    kind = "marker" if marker else row["type"]
    if kind not in COLUMN_TYPES:
        raise LayoutError("layout-no-type", column=label, type=kind)
    if not marker and row["block"] not in FIELDS:
        block = row["block"]
        raise LayoutError("layout-no-block", column=label, block=block)
    return Column(
        index,
        row["header"],
        row["block"],
        "" if marker else row["field"],
        kind,
        int(row.get("max_length", 0)),
        row.get("required", ""),
        bool(row.get("personal", False)),
        tuple(row.get("choices", ())),
        row.get("nl", ""),
        row.get("en", ""),
        label,
    )


def _block(kind: Kind, columns: tuple[Column, ...]) -> Block:
    own = tuple(column for column in columns if column.block == kind)
    by_field = {column.field: column for column in own}
    if len(by_field) < len(own):
        raise LayoutError("layout-field-twice", block=kind)
    fields = tuple(by_field.get(field) for field in FIELDS[kind])
    categories = _pairs(by_field, "categories", "group", "category")
    free_fields = _pairs(by_field, "free_fields", "definition", "value")
    known = {"extern_id", "extern_source"} | {column.field for column in fields if column}
    known |= {column.field for pair in (*categories, *free_fields) for column in pair}
    if unknown := [column for column in own if column.field not in known]:
        label, field = unknown[0].label, unknown[0].field
        raise LayoutError("layout-no-field", column=label, field=field)
    for half in ("extern_id", "extern_source"):
        if half not in by_field:
            raise LayoutError("layout-no-column", block=kind, field=half)
    return Block(kind, own, by_field["extern_id"], by_field["extern_source"], fields, categories, free_fields)


def _pairs(by_field: dict[str, Column], name: str, first: str, second: str) -> tuple[tuple[Column, Column], ...]:
    pairs = []
    numbers = sorted({int(field.split(".")[1]) for field in by_field if field.startswith(f"{name}.")})
    for number in numbers:
        halves = by_field.get(f"{name}.{number}.{first}"), by_field.get(f"{name}.{number}.{second}")
        if not (halves[0] and halves[1]):
            pair = f"{name}.{number}"
            raise LayoutError("layout-half-a-pair", pair=pair)
        pairs.append((halves[0], halves[1]))
    return tuple(pairs)
