"""Builds the records that planning works with, from columns of canonical text."""

from collections.abc import Iterable

from instroom.core.check.identity import Identities
from instroom.core.check.pairs import pairs_of
from instroom.core.check.rows import filled_records
from instroom.core.check.sheet import Sheet
from instroom.core.model import Part, Record


def parts_of(sheet: Sheet, identities: Identities) -> list[Part | None]:
    """For each record its company or person; None where it has none, or one whose key cannot be used."""
    block = identities.block
    data = tuple(column for column in block.columns if column not in (block.extern_id, block.extern_source))
    columns = (
        identities.keys,
        sheet.column(block.extern_id),
        zip(*(sheet.column(column) for column in block.fields), strict=True),
        pairs_of(sheet, block.categories),
        pairs_of(sheet, block.free_fields),
        filled_records(sheet, data),
    )
    known: dict[Part, Part] = {}
    parts: list[Part | None] = []
    for key, extern_id, fields, categories, free_fields, more in zip(*columns, strict=True):
        if key is None:
            parts.append(None)
            continue
        part = Part(key, extern_id, fields, categories, free_fields, not more)
        parts.append(known.setdefault(part, part))  # a company on a thousand records is kept once
    return parts


def records_of(
    sheet: Sheet, companies: Iterable[Part | None], persons: Iterable[Part | None], without: set[int]
) -> list[Record]:
    """The records of the file but for those that are left out."""
    return [
        Record(sheet.places[record], company, person)
        for record, (company, person) in enumerate(zip(companies, persons, strict=True))
        if record not in without
    ]
