"""The same person or company under two keys in one file (finding possible-duplicate)."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import compress
from typing import NamedTuple
from unicodedata import normalize

from instroom.core.check.rows.identity import Identities
from instroom.core.check.sheet import Sheet
from instroom.core.fields import FIELDS
from instroom.core.layout.loader import Column


class _Likeness(NamedTuple):
    """How two dossiers resemble each other."""

    by: str
    fields: tuple[str, str]
    """The name and one more, that are filled in and equal; the name but for letter case, accents, spaces and
    punctuation."""
    end: int = 0
    """How many letters at the end of the name are surely equal: a surname may have its prefix before it."""
    given: tuple[str, ...] = ()
    """Of which one is filled in and equal, and none is filled in and different."""


_GIVEN = ("first_name", "initials")
_PERSONS = (
    _Likeness("file-name-date", ("surname", "date_of_birth"), 2, _GIVEN),
    _Likeness("file-email", ("surname", "work_email"), 2, _GIVEN),
    _Likeness("file-email", ("surname", "home_email"), 2, _GIVEN),
)
_ADDRESSES = ("postal_address.postal_code", "visiting_address.postal_code")
_COMPANIES = tuple(_Likeness("file-name-postal", ("name", code)) for code in _ADDRESSES)


def check_duplicates(sheet: Sheet, identities: Identities) -> None:
    """possible-duplicate at the first record of each key that resembles an earlier one; once for a key."""
    reported: set[int] = set()
    first_of = dict(zip(reversed(identities.keys), range(len(sheet) - 1, -1, -1), strict=True))
    first_of.pop(None, None)
    first = sorted(first_of.values())
    for likeness in _COMPANIES if identities.block.kind == "company" else _PERSONS:
        for record, earlier in sorted(_alike_records(sheet, identities, first, likeness)):
            if record not in reported:
                reported.add(record)
                _report(sheet, identities, likeness.by, record, earlier)


def _alike_records(sheet: Sheet, identities: Identities, first: list[int], way: _Likeness) -> Iterator[tuple[int, int]]:
    """(record, earlier record) of different keys."""
    name, shared = (_column(identities, field) for field in way.fields)
    if not (name and shared and sheet.filled(name) and sheet.filled(shared)):
        return
    names, texts = sheet.texts[name.index], sheet.texts[shared.index]
    repeated = {text for text, count in Counter(map(texts.__getitem__, first)).items() if count > 1 and text}
    groups: dict[tuple[str, str], list[int]] = {}
    for record in compress(first, map(repeated.__contains__, map(texts.__getitem__, first))):
        # The whole name is only looked at where its end is equal: thousands share a date of birth.
        end = names[record][-way.end :].lower() if way.end else ""
        end = end if end.isascii() else _letters(end)
        groups.setdefault((texts[record], end), []).append(record)
    value = _reader(sheet, identities)
    for records in groups.values():
        if len(records) > 1:
            yield from _alike_in_group([one for one in records if sheet.usable(shared, one)], way, value)


def _alike_in_group(records: list[int], way: _Likeness, value: Callable[[str, int], str]) -> Iterator[tuple[int, int]]:
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


def _same_given(way: _Likeness, value: Callable[[str, int], str], one: int, other: int) -> bool:
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
    return "".join(filter(str.isalnum, normalize("NFD", name.casefold())))


def _report(sheet: Sheet, identities: Identities, by: str, record: int, earlier: int) -> None:
    block = identities.block
    facts = {
        "block": block.kind,
        "by": by,
        "extern_id": sheet.texts[block.extern_id.index][earlier],
        "extern_source": sheet.texts[block.extern_source.index][earlier],
    }
    sheet.report("possible-duplicate", record, None, None, (earlier,), facts)
