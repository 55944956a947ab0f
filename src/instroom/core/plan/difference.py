"""What a record changes in a dossier (product.md B5-B8)."""

from collections.abc import Callable
from typing import Any

from instroom.core.fields import DEFAULTS, FIELDS, REQUIRED, Kind
from instroom.core.model import Part, Policies
from instroom.core.plan.model import Stored

Values = dict[str, Any]


def new_values(kind: Kind, part: Part) -> Values:
    """The values of a dossier that does not exist yet: only those that are not blank."""
    after: Values = {name: value for name, value in zip(FIELDS[kind], part.fields, strict=True) if value}
    for name, value in DEFAULTS.items():
        after.setdefault(name, value)
    if part.categories:
        after["categories"] = [list(pair) for pair in part.categories]
    if part.free_fields:
        after["free_fields"] = dict(part.free_fields)
    return after


def differ(kind: Kind, policies: Policies) -> Callable[[Part, Stored], tuple[Values, Values]]:
    """A function that gives what was and what becomes of each value that a record changes; both empty: nothing.

    Under `leave` a blank cell says nothing; under `clear` it empties the field, but never one with a default or
    without which no dossier is made (B6). Categories are added, never removed (B8).
    """
    names = FIELDS[kind]
    kept = {*DEFAULTS, REQUIRED[kind]} if policies.blank == "clear" else set(names)

    def difference(part: Part, stored: Stored) -> tuple[Values, Values]:
        before: Values = {}
        after: Values = {}
        if part.alone:
            return before, after
        if part.fields != stored.fields:
            for name, new, old in zip(names, part.fields, stored.fields, strict=True):
                if new != old and (new or (new is not None and name not in kept)):
                    before[name], after[name] = old, new
        if part.categories and (added := set(part.categories).difference(stored.categories)):
            before["categories"] = [list(pair) for pair in stored.categories]
            after["categories"] = [list(pair) for pair in sorted({*stored.categories, *added})]
        if part.free_fields:
            old_free, new_free = dict(stored.free_fields), {**dict(stored.free_fields), **dict(part.free_fields)}
            if new_free != old_free:
                before["free_fields"], after["free_fields"] = old_free, new_free
        return before, after

    return difference
