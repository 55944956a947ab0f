"""What a program did to a whole column is one finding with a count, not one at each cell (product.md A5)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import compress, count
from typing import Any, Final, NamedTuple

from instroom.core.check.faults import Fault

AT_EACH_CELL: Final = 20
"""Up to so many cells, each has its own finding."""
_CODES: Final = frozenset(
    "value-leading-zero value-formula value-converted value-text-mark value-garbled value-nothing value-understood"
    " value-private-number value-date-shifted free-field-blank".split()
)
"""What programs do to values, rather than people."""
_SHOWN: Final = 5

_Group = tuple[str, str | None, str]


class ColumnFinding(NamedTuple):
    """One finding for many cells of a column."""

    fault: Fault
    record: int
    """The first one."""
    facts: dict[str, Any]
    """Those of the first fault, those of `column_facts`, and `examples` of what the cells became."""


def column_facts(records: Sequence[int], places: Sequence[int]) -> dict[str, Any]:
    """The `count` of these records and the first of their `rows`."""
    return {"count": len(records), "rows": [places[record] for record in records[:_SHOWN]]}


def whole_column_findings(
    faults: Mapping[Any, Fault],
    keys: Sequence[Any],
    texts: Sequence[str],
    settled: AbstractSet[int],
    places: Sequence[int],
) -> tuple[list[ColumnFinding], set[Any]]:
    """The findings that stand for a whole column, and the keys whose faults they cover.

    A warning stands for the column where more than twenty cells, and at least half of those that are filled in, have
    it. A notice says what was done to the column, so two cells are enough. An error keeps its record out, and stands at
    that record.
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
    whole = {group for group, found in records.items() if _covers_column(group, len(found), filled)}
    findings = [_finding(faults, keys, texts, records[group], places) for group in whole]
    return findings, {key for key, group in group_of.items() if group in whole}


def _covers_column(group: _Group, found: int, filled: int) -> bool:
    severity = group[2]
    if severity == "notice":
        return found > 1
    return severity == "warning" and found > AT_EACH_CELL and 2 * found >= filled


def _finding(
    faults: Mapping[Any, Fault], keys: Sequence[Any], texts: Sequence[str], records: list[int], places: Sequence[int]
) -> ColumnFinding:
    first = faults[keys[records[0]]]
    facts = {**first.facts, **column_facts(records, places)}
    pairs: dict[str, None] = {}
    for record in records:
        if likely := faults[keys[record]].facts.get("likely"):
            pairs[f"{texts[record]} → {likely}"] = None
        if len(pairs) == _SHOWN:
            break
    if len(pairs) > 1:
        facts["examples"] = list(pairs)
    return ColumnFinding(first, records[0], facts)
