"""What a record changes in a dossier (product.md B5-B8)."""

from collections.abc import Callable, Sequence
from itertools import compress
from typing import Any, cast

from instroom.core.clean_text import clean
from instroom.core.fields import DEFAULTS, FIELDS, REQUIRED, Kind
from instroom.core.model import Policies, RecordPart
from instroom.core.plan.model import SEPARATOR, Link, Stored

Values = dict[str, Any]
_NOTHING: tuple[Values, Values] = ({}, {})
_DEFAULTS: dict[Kind, list[tuple[int, str]]] = {
    kind: [(names.index(name), default) for name, default in DEFAULTS.items()] for kind, names in FIELDS.items()
}


def new_values(kind: Kind, fields: Sequence[str]) -> Values:
    """The values of a dossier that does not exist yet, by name: only those that are not blank."""
    return dict(compress(zip(FIELDS[kind], fields, strict=False), fields))  # both as long: strict costs a tenth


def link_change(old: str | None, new: str | None) -> Link:
    """What happens to the link of a person whose company was `old` and becomes `new`; they differ."""
    if old is None:
        return "linked"
    return "unlinked" if new is None else "relinked"


def new_fields(kind: Kind, part: RecordPart) -> tuple[str, ...]:
    """All fields of a new dossier: what the file leaves blank gets its default where it has one."""
    fields = without_gaps(part.fields)
    for index, default in _DEFAULTS[kind]:
        if not fields[index]:
            fields = (*fields[:index], default, *fields[index + 1 :])
    return fields


def without_gaps(fields: tuple[str | None, ...]) -> tuple[str, ...]:
    """The fields with "" for those that the layout has no column for."""
    try:
        "".join(fields)  # type: ignore[arg-type]  # a third of the time of looking for None, and gaps are rare
    except TypeError:
        return tuple([value or "" for value in fields])
    return cast(tuple[str, ...], fields)


def _joined(fields: tuple[str | None, ...]) -> str:
    """The fields as `Stored.text` has them."""
    try:
        return SEPARATOR.join(fields)  # type: ignore[arg-type]  # as above
    except TypeError:
        return SEPARATOR.join(without_gaps(fields))


def differ(kind: Kind, policies: Policies) -> Callable[[RecordPart, Stored], tuple[Values, Values]]:
    """A function that gives what was and what becomes of each value that a record changes; both empty: nothing.

    Under `leave` a blank cell says nothing; under `clear` it empties the field, but never one with a default or
    without which no dossier is made (B6). Categories are added, never removed (B8). What was stored before values were
    cleaned is compared in its clean form, and stays as it is where that is equal (A5).
    """
    names = FIELDS[kind]
    kept = {*DEFAULTS, REQUIRED[kind]} if policies.blank == "clear" else set(names)

    def difference(part: RecordPart, stored: Stored) -> tuple[Values, Values]:
        if part.alone or (
            _joined(part.fields) == stored.text
            and (not part.categories or part.categories == stored.categories)
            and (not part.free_fields or part.free_fields == stored.free_fields)
        ):
            return _NOTHING
        return _compare(part, stored)

    def _compare(part: RecordPart, stored: Stored) -> tuple[Values, Values]:
        before: Values = {}
        after: Values = {}
        for name, new, old in zip(names, part.fields, stored.fields, strict=True):
            if new != old and (new or (new is not None and name not in kept)) and new != clean(old):
                before[name], after[name] = old, new
        added = set(part.categories).difference(stored.categories)
        if added and (added := added.difference((clean(group), clean(name)) for group, name in stored.categories)):
            before["categories"] = [list(pair) for pair in stored.categories]
            after["categories"] = [list(pair) for pair in sorted({*stored.categories, *added})]
        if part.free_fields != stored.free_fields:
            old_free = dict(stored.free_fields)
            new_free = {name: value for name, value in part.free_fields if value != clean(old_free.get(name, ""))}
            if new_free:
                before["free_fields"], after["free_fields"] = old_free, {**old_free, **new_free}
        return before, after

    return difference
