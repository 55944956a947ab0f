"""Builds the records that planning works with, from columns of canonical text."""

from collections.abc import Iterable

from instroom.core.check.rows.content import filled_records
from instroom.core.check.rows.identity import Identities
from instroom.core.check.rows.pairs import Pairs
from instroom.core.check.sheet import Sheet
from instroom.core.keys import Key
from instroom.core.model import Record, RecordPart


def parts_of(sheet: Sheet, identities: Identities, pairs: Pairs) -> list[RecordPart | None]:
    """For each record its company or person; None where it has none, or one whose key cannot be used."""
    block = identities.block
    data = tuple(column for column in block.columns if column not in (block.extern_id, block.extern_source))
    columns = (
        identities.keys,
        sheet.column(block.extern_id),
        zip(*(sheet.column(column) for column in block.fields), strict=True),
        pairs.categories,
        pairs.free_fields,
        filled_records(sheet, data),
    )
    first: dict[Key, RecordPart] = {}
    others: dict[RecordPart, RecordPart] = {}
    parts: list[RecordPart | None] = []
    for key, extern_id, fields, categories, free_fields, more in zip(*columns, strict=True):
        if key is None:
            parts.append(None)
            continue
        part = RecordPart(key, extern_id, fields, categories, free_fields, not more)
        # A company on a thousand records is kept once. A hash of all that a part holds is only made where it differs.
        seen = first.setdefault(key, part)
        parts.append(seen if seen == part else others.setdefault(part, part))
    return parts


def records_of(
    sheet: Sheet, companies: Iterable[RecordPart | None], persons: Iterable[RecordPart | None], without: set[int]
) -> list[Record]:
    """The records of the file but for those that are left out."""
    if not without:
        return list(map(Record, sheet.places, companies, persons))
    return [
        Record(sheet.places[record], company, person)
        for record, (company, person) in enumerate(zip(companies, persons, strict=True))
        if record not in without
    ]
