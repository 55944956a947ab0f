"""The same person or company under two keys in one file (finding possible-duplicate)."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from instroom.core.check.identity import Identities
from instroom.core.check.sheet import Sheet
from instroom.core.fields import FIELDS
from instroom.core.keys import Key
from instroom.core.layout.loader import Column

Texts = tuple[str, ...]


class _Way(NamedTuple):
    """How two dossiers resemble each other."""

    by: str
    fields: tuple[str, ...]
    """That are filled in and equal, but for letter case, spaces and punctuation."""
    given: tuple[str, ...] = ()
    """Of which one is filled in and equal, and none is filled in and different."""


_GIVEN = ("first_name", "initials")
_PERSONS = (
    _Way("file-name-date", ("surname", "date_of_birth"), _GIVEN),
    _Way("file-email", ("surname", "work_email"), _GIVEN),
    _Way("file-email", ("surname", "home_email"), _GIVEN),
)
_ADDRESSES = ("postal_address.postal_code", "visiting_address.postal_code")
_COMPANIES = tuple(_Way("file-name-postal", ("name", code)) for code in _ADDRESSES)


def check_duplicates(sheet: Sheet, identities: Identities) -> None:
    """possible-duplicate at the first record of each key that resembles an earlier one; once for a key."""
    told: set[int] = set()
    first = _first_records(identities.keys)
    for way in _COMPANIES if identities.block.kind == "company" else _PERSONS:
        for record, earlier in sorted(_alike(sheet, identities, first, way)):
            if record not in told:
                told.add(record)
                _report(sheet, identities, way.by, record, earlier)


def _first_records(keys: Iterable[Key | None]) -> list[int]:
    seen: dict[Key, int] = {}
    for record, key in enumerate(keys):
        if key is not None and key not in seen:
            seen[key] = record
    return list(seen.values())


def _alike(sheet: Sheet, identities: Identities, first: list[int], way: _Way) -> Iterator[tuple[int, int]]:
    """(record, earlier record) of different keys."""
    columns = [_column(identities, field) for field in way.fields]
    if not all(column and sheet.filled(column) for column in columns):
        return
    value = _reader(sheet, identities)
    last = way.fields[-1]
    groups: dict[str, list[int]] = {}
    for record in first:
        if text := value(last, record):
            groups.setdefault(text, []).append(record)
    for records in groups.values():
        if len(records) > 1:
            yield from _alike_in_group(records, way, value)


def _alike_in_group(records: list[int], way: _Way, value: Callable[[str, int], str]) -> Iterator[tuple[int, int]]:
    named: dict[str, list[int]] = {}
    for record in records:
        name = _letters(value("surname_prefix", record) + value(way.fields[0], record))
        if not name:
            continue
        for earlier in named.setdefault(name, []):
            if not way.given or _same_given(way, value, record, earlier):
                yield record, earlier
                break
        named[name].append(record)


def _same_given(way: _Way, value: Callable[[str, int], str], one: int, other: int) -> bool:
    pairs = [(_letters(value(name, one)), _letters(value(name, other))) for name in way.given]
    both = [pair for pair in pairs if all(pair)]
    return bool(both) and all(left == right for left, right in both)


def _reader(sheet: Sheet, identities: Identities) -> Callable[[str, int], str]:
    """A function that gives the text of a field on a record; "" where it is not there or not usable."""
    known: dict[str, Column | None] = {}

    def value(field: str, record: int) -> str:
        if field not in known:
            column = _column(identities, field)
            known[field] = column if column and sheet.has(column) else None
        column = known[field]
        return sheet.texts[column.index][record] if column and sheet.usable(column, record) else ""

    return value


def _column(identities: Identities, field: str) -> Column | None:
    names = FIELDS[identities.block.kind]
    return identities.block.fields[names.index(field)] if field in names else None


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _report(sheet: Sheet, identities: Identities, by: str, record: int, earlier: int) -> None:
    block = identities.block
    facts = {
        "block": block.kind,
        "by": by,
        "extern_id": sheet.texts[block.extern_id.index][earlier],
        "extern_source": sheet.texts[block.extern_source.index][earlier],
    }
    sheet.report("possible-duplicate", record, None, None, (earlier,), facts)
