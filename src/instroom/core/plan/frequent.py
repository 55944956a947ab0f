"""The new value that most dossiers get in a field, such as 58 persons with the same new job (product.md D3)."""

from collections import Counter
from collections.abc import Iterable
from operator import attrgetter
from typing import Final, NamedTuple

from instroom.core.fields import Kind
from instroom.core.plan.model import Change

MANY: Final = 20
"""Fewer changes of a field need no heading of their own, and fewer dossiers with one value no sentence."""
_MOST: Final = 5  # of all fields


class FrequentValue(NamedTuple):
    """A value that takes the place of others."""

    kind: Kind
    field: str
    value: str
    number: int
    """Of dossiers that get it."""


def frequent_values(changes: Iterable[Change]) -> list[FrequentValue]:
    """Of each field the most frequent one, the most frequent first. New dossiers and emptied values do not count."""
    counts: Counter[tuple[Kind, str, str]] = Counter()
    for change in changes:
        if change.action == "changed":
            counts.update((change.kind, name, to) for name, to in change.after.items() if to and isinstance(to, str))
    found: dict[tuple[Kind, str], FrequentValue] = {}
    for (kind, field, value), number in counts.most_common():
        if number < MANY:
            break
        found.setdefault((kind, field), FrequentValue(kind, field, value, number))
    return sorted(found.values(), key=attrgetter("number"), reverse=True)[:_MOST]
