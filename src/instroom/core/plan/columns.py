"""What a delivery holds in each column, and what jumps beside the delivery before it (product.md A5, D3).

A cell can be right by itself while the column is not: an export whose e-mail addresses have all gone, or in which
everybody has the same date of birth. So each plan counts by field, and is held against the counts of the last file of
the same connection that was imported.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from instroom.core.fields import FIELDS, Kind
from instroom.core.model import RecordPart
from instroom.core.plan.model import Change, Wanted

JumpName = Literal["new-keys", "emptied", "one-value", "changed"]

FEW: Final = 5
"""Dossiers: under this number nothing jumps."""
NEW_KEYS_PERCENT: Final = 20
"""Of the dossiers: more new ones jump, where the file before had less than half of that share."""
EMPTIED_FROM_PERCENT: Final = 20
"""Filled in the file before: of less than this share nothing is missed. What fell to under half has been emptied."""
ONE_VALUE_PERCENT: Final = 50
"""Of what is filled: more with one value jump, where the file before had less than half of that share."""
CHANGED_PERCENT: Final = 20
"""Of the dossiers: more with another value than is stored jump, where the file before had less than half of that."""


class FieldCounts(NamedTuple):
    """One field of a kind of dossier, each dossier counted once."""

    filled: int
    distinct: int
    most: int
    """How many have the most common value."""
    new: int
    """Values that dossiers get which had none, new dossiers among them."""
    changed: int
    """Values that take the place of another, or of which nothing is left."""


class KindCounts(NamedTuple):
    """The companies or the persons of a file."""

    dossiers: int
    new: int
    fields: Mapping[str, FieldCounts]
    """Of the fields in which anything is filled in or changed."""


class Jump(NamedTuple):
    """What differs so much from the file before that people should look first. Sentences are made in `core.report`."""

    name: JumpName
    kind: Kind
    field: str
    """"" of new keys."""
    number: int
    of: int
    percent_before: int


Columns = Mapping[Kind, KindCounts]


def count_columns(asked: Wanted, changes: Sequence[Change]) -> Columns:
    """What the records hold by field, and what the plan makes of it."""
    persons = [one.part for one in asked.persons.values()]
    parts: dict[Kind, list[RecordPart]] = {"company": list(asked.companies.values()), "person": persons}
    return {kind: _count_kind(kind, parts[kind], [one for one in changes if one.kind == kind]) for kind in parts}


def _count_kind(kind: Kind, parts: Sequence[RecordPart], changes: Sequence[Change]) -> KindCounts:
    filled_in: Counter[str] = Counter()
    replaced: Counter[str] = Counter()
    for change in changes:
        for name in change.after:
            (replaced if change.before.get(name) else filled_in)[name] += 1
    fields = {}
    columns = zip(*(part.fields for part in parts), strict=True) if parts else [()] * len(FIELDS[kind])
    for name, values in zip(FIELDS[kind], columns, strict=True):
        filled = list(filter(None, values))
        if filled or replaced[name]:
            counted = Counter(filled)
            most = max(counted.values(), default=0)
            fields[name] = FieldCounts(len(filled), len(counted), most, filled_in[name], replaced[name])
    return KindCounts(len(parts), sum(change.action == "new" for change in changes), fields)


def as_json(columns: Columns) -> dict[str, Any]:
    """For the totals of a plan."""
    return {
        kind: {**counts._asdict(), "fields": {name: list(one) for name, one in counts.fields.items()}}
        for kind, counts in columns.items()
    }


def from_json(stored: Mapping[str, Any]) -> Columns:
    """What `as_json` gave."""
    kinds: tuple[Kind, ...] = ("company", "person")
    return {
        kind: KindCounts(one["dossiers"], one["new"], {name: FieldCounts(*of) for name, of in one["fields"].items()})
        for kind in kinds
        if (one := stored.get(kind))
    }


def jumps(now: Columns, before: Columns) -> list[Jump]:
    """What stands out beside the file before, new keys first; nothing where either holds few dossiers."""
    found = []
    for kind, counts in now.items():
        last = before.get(kind)
        if last and min(counts.dossiers, last.dossiers) >= FEW:
            if _leaps(counts.new, counts.dossiers, last.new, last.dossiers, NEW_KEYS_PERCENT):
                before_percent = _percent(last.new, last.dossiers)
                found.append(Jump("new-keys", kind, "", counts.new, counts.dossiers, before_percent))
            found += _field_jumps(kind, counts, last)
    return sorted(found, key=lambda jump: jump.name != "new-keys")


def _field_jumps(kind: Kind, now: KindCounts, before: KindCounts) -> Iterator[Jump]:
    nothing = FieldCounts(0, 0, 0, 0, 0)
    for name in FIELDS[kind]:
        one, last = now.fields.get(name, nothing), before.fields.get(name, nothing)
        was = _percent(last.filled, before.dossiers)
        empty, empty_before = now.dossiers - one.filled, before.dossiers - last.filled
        if was >= EMPTIED_FROM_PERCENT and 2 * one.filled * before.dossiers < last.filled * now.dossiers:
            yield Jump("emptied", kind, name, empty, now.dossiers, _percent(empty_before, before.dossiers))
        elif last.distinct > 2 and _leaps(one.most, one.filled, last.most, last.filled, ONE_VALUE_PERCENT):
            yield Jump("one-value", kind, name, one.most, one.filled, _percent(last.most, last.filled))
        elif _leaps(one.changed, now.dossiers, last.changed, before.dossiers, CHANGED_PERCENT):
            yield Jump("changed", kind, name, one.changed, now.dossiers, _percent(last.changed, before.dossiers))


def _leaps(number: int, of: int, last: int, of_last: int, percent: int) -> bool:
    """Whether a share is large, and more than twice the one before."""
    return number >= FEW and 100 * number > percent * of and number * max(of_last, 1) > 2 * last * of


def _percent(number: int, of: int) -> int:
    return round(100 * number / of) if of else 0
