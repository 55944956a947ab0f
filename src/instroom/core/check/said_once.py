"""What a program did to a whole column is said once, with a count (product.md A5), and not at each of its cells."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import compress, count
from typing import Any, Final, NamedTuple

from instroom.core.check.faults import Fault

_CODES: Final = frozenset(
    "value-leading-zero value-formula value-converted value-text-mark value-garbled value-nothing value-understood"
    " value-private-number value-date-shifted free-field-blank".split()
)
"""What programs do to values, rather than people."""
_AT_EACH_CELL: Final = 20
"""Up to so many cells, each has its own finding."""
_SHOWN: Final = 5

_Group = tuple[str, str | None, str]


class SaidOnce(NamedTuple):
    """One finding for many cells of a column."""

    fault: Fault
    record: int
    """The first one."""
    facts: dict[str, Any]
    """Those of the first fault; `count` of the cells, the first of their `rows`, and `examples` of what they became."""


def said_once(
    faults: Mapping[Any, Fault],
    keys: Sequence[Any],
    texts: Sequence[str],
    settled: AbstractSet[int],
    places: Sequence[int],
) -> tuple[list[SaidOnce], set[Any]]:
    """The findings that stand for a whole column, and the keys whose faults they tell.

    A warning is told once where more than twenty cells, and at least half of those that are filled in, have it. A
    notice tells what was done to the column, so it is told once in any case. An error keeps its record out, and stands
    there.
    """
    group_of: dict[Any, _Group] = {
        key: (fault.code, fault.facts.get("problem"), fault.severity)
        for key, fault in faults.items()
        if fault.code in _CODES or (fault.code == "value-phone" and "likely" in fault.facts)
    }
    records: defaultdict[_Group, list[int]] = defaultdict(list)
    if group_of:
        for record in compress(count(), map(group_of.__contains__, keys)):
            if record not in settled:
                records[group_of[keys[record]]].append(record)
    filled = sum(map(bool, texts)) if records else 0
    whole = {group for group, found in records.items() if _is_told_once(group, len(found), filled)}
    once = [_say(faults, keys, texts, records[group], places) for group in whole]
    return once, {key for key, group in group_of.items() if group in whole}


def _is_told_once(group: _Group, found: int, filled: int) -> bool:
    severity = group[2]
    if severity == "notice":
        return found > 1
    return severity == "warning" and found > _AT_EACH_CELL and 2 * found >= filled


def _say(
    faults: Mapping[Any, Fault], keys: Sequence[Any], texts: Sequence[str], records: list[int], places: Sequence[int]
) -> SaidOnce:
    first = faults[keys[records[0]]]
    facts = {**first.facts, "count": len(records), "rows": [places[record] for record in records[:_SHOWN]]}
    pairs: dict[str, None] = {}
    for record in records:
        if likely := faults[keys[record]].facts.get("likely"):
            pairs[f"{texts[record]} → {likely}"] = None
        if len(pairs) == _SHOWN:
            break
    if len(pairs) > 1:
        facts["examples"] = list(pairs)
    return SaidOnce(first, records[0], facts)
