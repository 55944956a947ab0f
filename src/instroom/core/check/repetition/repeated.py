"""Companies and persons that stand on several records (product.md B3)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from instroom.core.check.repetition.aspects import Parts, data_conflicts
from instroom.core.check.repetition.conflicts import Conflict, Value, find_conflict
from instroom.core.check.repetition.odd_records import Held, amount_facts, rows_against
from instroom.core.check.rows.identity import Identities
from instroom.core.check.sheet import Sheet
from instroom.core.keys import Key
from instroom.core.layout.loader import Column
from instroom.core.model import RecordPart


def check_companies(sheet: Sheet, companies: Identities, parts: Parts) -> None:
    """company-conflict: records that say different things of one company. A key alone says nothing (B7)."""
    first: dict[Key, RecordPart] = {}
    unequal = {
        part.key
        for part in parts
        if part and not part.alone and (seen := first.setdefault(part.key, part)) is not part and seen != part
    }
    if not unequal:
        return
    blank_is_value = sheet.policies.blank == "clear"
    groups = _records_of(unequal, [part.key if part and not part.alone else None for part in parts])
    for records in groups:
        conflicts = data_conflicts(sheet, companies.block, parts, records, blank_is_value=blank_is_value)
        _report_conflict(sheet, companies, records, conflicts, "company-conflict")


def check_persons(sheet: Sheet, persons: Identities, companies: Identities, parts: Parts) -> list[list[int]]:
    """person-conflict, person-two-companies and person-repeated.

    Gives the records of each person that is merely repeated: only the first of those that stay counts.
    """
    keys = persons.keys
    repeated = {key for key, count in Counter(keys).items() if count > 1 and key is not None}
    groups = _records_of(repeated, keys) if repeated else ()
    return [records for records in groups if _check_person(sheet, persons, companies, parts, records)]


def _records_of(keys: set[Key], by_record: Sequence[Key | None]) -> Iterable[list[int]]:
    groups: dict[Key, list[int]] = {}
    for record, key in enumerate(by_record):
        if key in keys and key is not None:
            groups.setdefault(key, []).append(record)
    return groups.values()


def _check_person(sheet: Sheet, persons: Identities, companies: Identities, parts: Parts, records: list[int]) -> bool:
    """Whether the records of one person say the same; what they do not agree on is reported."""
    conflict = data_conflicts(sheet, persons.block, parts, records, blank_is_value=True)
    elsewhere = _company_conflict(companies, records)
    if conflict:
        _report_conflict(sheet, persons, records, conflict, "person-conflict")
    if elsewhere:
        _report_two_companies(sheet, persons, companies, records, elsewhere)
    if conflict or elsewhere:
        return False
    column = persons.block.extern_id
    # Where a cell cannot be used, nobody knows whether the record repeats another.
    faulty = [sheet.faulty[column.index] for column in persons.block.columns if column.index in sheet.faulty]
    same = [record for record in records if not any(record in unusable for unusable in faulty)]
    for record in same[1:]:
        text = sheet.texts[column.index][record]
        sheet.report("person-repeated", record, column.label, text, same[:1], {"extern_id": text})
    return True


def _company_conflict(companies: Identities, records: Iterable[int]) -> Conflict | None:
    """The records with different companies; none at all is different from one (B2)."""
    label = companies.block.extern_id.label
    values: dict[int, Value] = {
        record: companies.keys[record]
        for record in records
        if companies.keys[record] is not None or not companies.filled[record]
    }
    return find_conflict(values, dict.fromkeys(values, label))


def _report_conflict(
    sheet: Sheet, identities: Identities, records: list[int], conflicts: list[Conflict], code: str
) -> None:
    block = identities.block
    columns = {column.label: column for column in block.columns}  # in the order of the layout
    sheet.refused.update(record for aspect in conflicts for record in aspect.others)
    aspects = [Held(aspect, by_majority=block.kind == "company") for aspect in conflicts]
    for record in records:
        found = [aspect for aspect in aspects if aspect.against(record)]
        if found:
            named = {aspect.labels[record] for aspect in found}
            labels = [label for label in columns if label in named]
            facts = {
                "columns": labels,
                "extern_id": sheet.texts[block.extern_id.index][record],
                "block": block.kind,
                "differences": [_difference(sheet, aspect, record) for aspect in found],
                **amount_facts(record, found),
            }
            value = _cell_text(sheet, columns[labels[0]], record)
            sheet.report(code, record, labels[0], value, rows_against(record, found), facts)


def _difference(sheet: Sheet, aspect: Held, record: int) -> dict[str, Any]:
    """What a record says, and what those say that it is held against."""
    other = aspect.against(record)[0]
    found: dict[str, Any] = {
        "column": aspect.labels[record],
        "value": _value_text(aspect.values[record]),
        "other": _value_text(aspect.values[other]),
        "row": sheet.places[other],
    }
    return found | ({"odd": True} if aspect.majority else {})


def _value_text(value: Value) -> str:
    """A field as it is; categories and free fields with their group or definition before them."""
    if isinstance(value, str):
        return value
    return "; ".join(": ".join(pair) for pair in sorted(value)) if isinstance(value, frozenset | tuple) else ""


def _report_two_companies(
    sheet: Sheet, persons: Identities, companies: Identities, records: list[int], conflict: Conflict
) -> None:
    column, person = companies.block.extern_id, persons.block.extern_id
    sheet.refused.update(conflict.others)
    held = [Held(conflict, by_majority=False)]
    for record in records:
        if held[0].against(record):
            others = rows_against(record, held)
            texts = [_cell_text(sheet, column, other) or "" for other in (*others, record)]
            facts = {
                "companies": list(dict.fromkeys(texts)),
                "extern_id": sheet.texts[person.index][record],
                **amount_facts(record, held),
            }
            sheet.report("person-two-companies", record, column.label, texts[-1] or None, others, facts)


def _cell_text(sheet: Sheet, column: Column, record: int) -> str | None:
    return (sheet.texts[column.index][record] or None) if sheet.has(column) else None
