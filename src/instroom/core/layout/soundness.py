"""Proves that an operator's own layout can be used: what it lets in, a dossier can hold (product.md A8)."""

import re
import unicodedata
from typing import Final

from instroom.core.errors import LayoutError
from instroom.core.layout.elements import block_elements
from instroom.core.layout.loader import Column, Layout

_NAME: Final = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_NAME_LENGTH: Final = 60
_Fault = tuple[str, str]
"""What is wrong, in English and in Dutch."""
_PLAIN_TYPES: Final = frozenset(("text", "multiline", "choice"))


def prove_sound(layout: Layout, model: Layout) -> None:
    """Hold a layout against the standard one.

    Raises LayoutError, naming the column: a name that is no name, a header that a file cannot hold, a block that does
    not exist, a value longer, or of another type or choice, than the same field takes in the standard layout, or two
    columns with one XML element.
    """
    if not _NAME.fullmatch(layout.name) or len(layout.name) > _NAME_LENGTH:
        raise LayoutError(
            f"layout {layout.name!r}: a name has lower-case letters, digits and hyphens, at most {_NAME_LENGTH}",
            f"indeling {layout.name!r}: een naam heeft kleine letters, cijfers en streepjes, hoogstens {_NAME_LENGTH}",
        )
    if layout.version < 1:
        raise LayoutError(
            f"layout {layout.name}: versions count from 1", f"indeling {layout.name}: versies tellen vanaf 1"
        )
    models = {(column.block, model_field(column.field)): column for column in model.columns}
    for column in layout.columns:
        if fault := _header_fault(column) or _fault(column, models.get((column.block, model_field(column.field)))):
            place = f"{column.index + 1} ({column.label})"
            raise LayoutError(
                f"layout {layout.id}, column {place}: {fault[0]}", f"indeling {layout.id}, kolom {place}: {fault[1]}"
            )
    for block in (layout.company, layout.person):
        block_elements(block)


def model_field(field: str) -> str:
    """The field whose rules count: pairs share those of the first, however many a layout has."""
    return re.sub(r"\.\d+\.", ".1.", field)


def _header_fault(column: Column) -> _Fault | None:
    if not isinstance(column.header, str) or not column.header.strip():
        return "a header is text", "een kop is tekst"
    letters = column.header.replace("\n", "")  # a wrapped header, in a workbook, is one
    if column.header != column.header.strip() or any(unicodedata.category(letter) == "Cc" for letter in letters):
        return (
            "a header has no spaces around it and no control characters",
            "een kop heeft geen spaties eromheen en geen besturingstekens",
        )
    return None


def _fault(column: Column, model: Column | None) -> _Fault | None:
    if column.block == "marker":
        return None
    field, kind, most = column.field, column.type, column.max_length
    if model is None:
        return f"no field {field} of a {column.block}", f"er is geen veld {field} van een {column.block}"
    if kind != model.type and not {kind, model.type} <= _PLAIN_TYPES:
        return f"{field} is of type {model.type}, not {kind}", f"{field} is van het type {model.type}, niet {kind}"
    if not 1 <= most <= model.max_length:
        longest = model.max_length
        return f"max_length is 1 to {longest}, not {most}", f"max_length is 1 tot en met {longest}, niet {most}"
    return _choices_fault(column, model)


def _choices_fault(column: Column, model: Column) -> _Fault | None:
    if column.type == "choice" and not column.choices:
        return "a choice names its choices", "een keuze noemt waaruit te kiezen is"
    if model.choices and not set(column.choices) <= set(model.choices):
        choices = ", ".join(model.choices)
        return f"the choices are among {choices}", f"er kan alleen gekozen worden uit {choices}"
    if any(len(choice) > column.max_length for choice in column.choices) and not model.choices:
        return "a choice is longer than max_length", "een van de keuzes is langer dan max_length"
    return None
