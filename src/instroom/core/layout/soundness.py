"""Proves that an operator's own layout can be used: what it lets in, a dossier can hold (product.md A8)."""

import re
import unicodedata
from typing import Final

from instroom.core.errors import LayoutError
from instroom.core.layout.elements import block_elements
from instroom.core.layout.loader import Column, Layout

_NAME: Final = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_NAME_LENGTH: Final = 60
_LAST_VERSION: Final = 2**31 - 1  # which a database can count
_PLAIN_TYPES: Final = frozenset(("text", "multiline", "choice"))


def prove_sound(layout: Layout, model: Layout) -> None:
    """Hold a layout against the standard one.

    Raises LayoutError, naming the column: a name that is no name, a header that a file cannot hold, a block that does
    not exist, a value longer, or of another type or choice, than the same field takes in the standard layout, or two
    columns with one XML element.
    """
    if not _NAME.fullmatch(layout.name) or len(layout.name) > _NAME_LENGTH:
        raise LayoutError("layout-name", name=repr(layout.name), most=_NAME_LENGTH)
    if not 1 <= layout.version <= _LAST_VERSION:
        raise LayoutError("layout-version", name=layout.name, most=_LAST_VERSION)
    models = {(column.block, model_field(column.field)): column for column in model.columns}
    for column in layout.columns:
        fault = _header_fault(column) or _value_fault(column)
        if fault := fault or _column_fault(column, models.get((column.block, model_field(column.field)))):
            place = f"{column.index + 1} ({column.label})"
            raise LayoutError("layout-column", layout=layout.id, column=place, problem=fault)
    for block in (layout.company, layout.person):
        block_elements(block)


def model_field(field: str) -> str:
    """The field whose rules count: pairs share those of the first, however many a layout has."""
    return re.sub(r"\.\d+\.", ".1.", field)


def _header_fault(column: Column) -> LayoutError | None:
    if not isinstance(column.header, str) or not column.header.strip():
        return LayoutError("header-not-text")
    letters = column.header.replace("\n", "")  # a wrapped header, in a workbook, is one
    if column.header != column.header.strip() or any(unicodedata.category(letter) == "Cc" for letter in letters):
        return LayoutError("header-spaces")
    return None


def _value_fault(column: Column) -> LayoutError | None:
    """Of what is said about a column, and not held against the standard layout."""
    texts = [("nl", column.nl), ("en", column.en), *(("choices", choice) for choice in column.choices)]
    wrong: list[tuple[str, object]] = [(name, value) for name, value in texts if not isinstance(value, str)]
    if column.required not in ("", "key", "yes", "pair"):
        wrong.append(("required", column.required))
    return LayoutError("column-value", name=wrong[0][0], found=repr(wrong[0][1])[:40]) if wrong else None


def _column_fault(column: Column, model: Column | None) -> LayoutError | None:
    if column.block == "marker":
        return None
    field, kind, most = column.field, column.type, column.max_length
    if model is None:
        return LayoutError("column-no-field", field=field, block=column.block)
    if kind != model.type and not {kind, model.type} <= _PLAIN_TYPES:
        return LayoutError("column-type", field=field, wanted=model.type, type=kind)
    if not 1 <= most <= model.max_length:
        return LayoutError("column-max-length", longest=model.max_length, found=most)
    return _choices_fault(column, model)


def _choices_fault(column: Column, model: Column) -> LayoutError | None:
    if column.type == "choice" and not column.choices:
        return LayoutError("column-without-choices")
    if model.choices and not set(column.choices) <= set(model.choices):
        return LayoutError("column-choices", choices=model.choices)
    if any(len(choice) > column.max_length for choice in column.choices) and not model.choices:
        return LayoutError("column-choice-too-long")
    return None
