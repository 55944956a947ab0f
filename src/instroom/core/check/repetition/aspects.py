"""The aspects in which two records about one dossier can differ: each field, the categories, each free field."""

from collections.abc import Iterator, Mapping, Sequence

from instroom.core.check.repetition.conflicts import Conflict, Value, differ, find_conflict, neither_holds_the_other
from instroom.core.check.sheet import Sheet
from instroom.core.layout.loader import Block, Column
from instroom.core.model import RecordPart

Parts = Sequence[RecordPart | None]
Records = Sequence[int]


def data_conflicts(
    sheet: Sheet, block: Block, parts: Parts, records: Records, *, blank_is_value: bool
) -> list[Conflict]:
    """All that these records of one dossier do not agree on, in the order of the layout.

    A cell with an error of its own agrees with everything: what it should have said is not known.
    """
    found: list[Conflict | None] = []
    for column in block.columns:
        if column in block.fields and sheet.filled(column):
            found.append(_field(sheet, column, records, blank_is_value=blank_is_value))
    found.append(_categories(sheet, block, parts, records, blank_is_value=blank_is_value))
    found.extend(_free_fields(sheet, block, parts, records, blank_is_value=blank_is_value))
    return [conflict for conflict in found if conflict]


def _field(sheet: Sheet, column: Column, records: Records, *, blank_is_value: bool) -> Conflict | None:
    texts, unusable = sheet.texts[column.index], sheet.faulty.get(column.index, ())
    values: dict[int, Value] = {
        record: texts[record] for record in records if (blank_is_value or texts[record]) and record not in unusable
    }
    return find_conflict(values, dict.fromkeys(values, column.label))


def _sound(sheet: Sheet, pairs: Sequence[tuple[Column, Column]], records: Records) -> list[int]:
    """The records without an error in any of these pairs."""
    unusable = [sheet.faulty.get(column.index, set()) for pair in pairs for column in pair]
    return [record for record in records if not any(record in records_ for records_ in unusable)]


def _categories(sheet: Sheet, block: Block, parts: Parts, records: Records, *, blank_is_value: bool) -> Conflict | None:
    if not block.categories:
        return None
    values: dict[int, Value] = {
        record: frozenset(part.categories)
        for record in _sound(sheet, block.categories, records)
        if (part := parts[record]) and (blank_is_value or part.categories)
    }
    labels = dict.fromkeys(values, block.categories[0][1].label)
    return find_conflict(values, labels, differ if blank_is_value else neither_holds_the_other)


def _free_fields(
    sheet: Sheet, block: Block, parts: Parts, records: Records, *, blank_is_value: bool
) -> Iterator[Conflict | None]:
    sound = _sound(sheet, block.free_fields, records)
    said = {record: part.free_fields for record in sound if (part := parts[record])}
    if blank_is_value and block.free_fields:
        yield find_conflict(said, dict.fromkeys(said, block.free_fields[0][1].label))
        return
    by_definition: dict[str, dict[int, Value]] = {}
    for record, pairs in said.items():
        for name, value in pairs:
            by_definition.setdefault(name, {})[record] = value
    for name, values in by_definition.items():
        if len(values) > 1:
            yield find_conflict(values, _labels(sheet, block, values, name))


def _labels(sheet: Sheet, block: Block, records: Mapping[int, Value], definition: str) -> dict[int, str]:
    """By record the column that holds the value of this free field; the first one where it holds none."""
    labels = dict.fromkeys(records, block.free_fields[0][1].label)
    for name, value in reversed(block.free_fields):
        if sheet.has(name):
            texts = sheet.texts[name.index]
            labels.update({record: value.label for record in records if texts[record] == definition})
    return labels
