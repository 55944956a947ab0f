"""Writes dossiers as rows of a delivery. Delivering them again changes nothing."""

from collections.abc import Sequence

from instroom.core.fields import Kind
from instroom.core.layout.loader import Block, Layout
from instroom.core.plan.model import Stored


def row_of(layout: Layout, company: Stored | None, person: Stored | None) -> list[str]:
    """One row: a company, a person or both. Only as many categories and free fields as the layout has columns for."""
    row = [""] * len(layout.columns)
    if company:
        _fill(row, layout.company, company)
    if person:
        _fill(row, layout.person, person)
    return row


def exceeds(layout: Layout, kind: Kind, dossier: Stored) -> bool:
    """Whether a dossier has more categories or free fields than the layout has columns for."""
    block = layout.block(kind)
    return len(dossier.categories) > len(block.categories) or len(dossier.free_fields) > len(block.free_fields)


def _fill(row: list[str], block: Block, dossier: Stored) -> None:
    row[block.extern_id.index] = dossier.extern_id
    row[block.extern_source.index] = dossier.key[0]
    dates = [column is not None and column.type == "date" for column in block.fields]
    for column, value, is_date in zip(block.fields, dossier.fields, dates, strict=True):
        if column and value:
            row[column.index] = dutch_date(value) if is_date else value
    _fill_pairs(row, [(a.index, b.index) for a, b in block.categories], dossier.categories)
    _fill_pairs(row, [(a.index, b.index) for a, b in block.free_fields], dossier.free_fields)


def _fill_pairs(row: list[str], columns: Sequence[tuple[int, int]], pairs: Sequence[tuple[str, str]]) -> None:
    for (first, second), pair in zip(columns, pairs, strict=False):
        row[first], row[second] = pair


def dutch_date(text: str) -> str:
    """A canonical yyyy-mm-dd as dd-mm-yyyy."""
    year, month, day = text.split("-")
    return f"{day}-{month}-{year}"
