"""Findings that say the same of the same value, in one line with a count."""

import json
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from typing import Final, NamedTuple

from instroom.core.model import Finding

_WHOLE: Final = 200
"""Characters of a value that a line keeps; a cell may hold a book."""


_Key = tuple[Hashable, ...]


class FindingLine(NamedTuple):
    """Findings that differ in their row alone."""

    first: Finding
    amount: int


def lines_of(found: Iterable[Finding]) -> list[FindingLine]:
    """A line for each that differs in more than its row: those with most rows first, then as they first occur."""
    first: dict[_Key, Finding] = {}
    amounts: Counter[_Key] = Counter()
    for one in found:
        code, severity, _, column, value, others, facts = one
        told: Hashable = value if not value or len(value) <= _WHOLE else (value[:_WHOLE], hash(value))
        key = code, severity, column, told, others, id(facts)  # `first` holds the facts, so the id stays theirs
        amounts[key] += 1
        if key not in first:
            first[key] = one if told is value else one._replace(value=value and value[:_WHOLE])
    return _merged(first, amounts)


def _merged(first: dict[_Key, Finding], amounts: Counter[_Key]) -> list[FindingLine]:
    """Equal facts may be different objects."""
    facts = {id(one.facts): one.facts for one in first.values()}
    texts = {number: json.dumps(some, sort_keys=True) for number, some in facts.items()}
    lines: dict[Hashable, FindingLine] = {}
    for key, one in first.items():
        whole = *key[:-1], texts[id(one.facts)]
        before = lines.get(whole)
        lines[whole] = FindingLine(before.first if before else one, amounts[key] + (before.amount if before else 0))
    return sorted(lines.values(), key=lambda line: -line.amount)


def like_that_on(row: int, found: Iterable[Finding]) -> Iterator[Finding]:
    """The findings from a row on that say the same as the first one on it."""
    wanted: Finding | None = None
    for one in found:
        if wanted is None and one.row == row:
            wanted = one
        if wanted and one._replace(row=row) == wanted:
            yield one
