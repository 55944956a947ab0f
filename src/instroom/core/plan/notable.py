"""What an approver should know of a plan before anything else: what is grave, and what is not as usual (product.md D3).

Counts alone: this goes by mail too.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

Code = Literal["first", "usual", "more", "fewer", "identity", "unlinked", "duplicates", "cleared", "absent"]
COMPARED: Final = 10
"""How many earlier files say what is usual."""
_WITHOUT_EXTREMES: Final = 5  # of so many, the least and the most are no measure
_SMALL: Final = 10  # so many more or fewer are nothing to notice
_CODES: Final[Mapping[str, Code]] = {"person-identity-changed": "identity", "possible-duplicate": "duplicates"}


class PlanFigures(NamedTuple):
    """What a plan does, in numbers."""

    changes: int
    """Dossiers that are made or changed."""
    unlinked: int
    cleared: int
    """Values that are emptied."""


class Notable(NamedTuple):
    """One thing that an approver wants to know of a plan."""

    code: Code
    number: int
    before: int | None = None
    """The same number of the file before; None where there was none, or it is not known."""
    low: int = 0
    high: int = 0
    """Between which the number usually is."""


def figures_of(totals: Mapping[str, Any]) -> PlanFigures:
    """Of the totals of a stored plan."""
    kinds = (totals.get("companies", {}), totals.get("persons", {}))
    changes = sum(kind.get(action, 0) for kind in kinds for action in ("new", "changed"))
    return PlanFigures(changes, kinds[1].get("unlinked", 0), totals.get("cleared", 0))


def notables(
    now: PlanFigures, warned: Mapping[str, int], before: Sequence[PlanFigures], absent: int = 0
) -> list[Notable]:
    """How much changes beside what is usual, and then what is grave.

    `warned`: the number of rows by code of warning. `before`: the figures of the files before it, the last one first.
    `absent`: the number of persons of that one who are in this one no more.
    """
    last = before[0] if before else None
    found = [_amount(now.changes, [one.changes for one in before])]
    found += [Notable(code, number) for warning, code in _CODES.items() if (number := warned.get(warning, 0))]
    if now.unlinked:
        found.append(Notable("unlinked", now.unlinked, last.unlinked if last else None))
    if now.cleared:
        found.append(Notable("cleared", now.cleared, last.cleared if last else None))
    if absent:
        found.append(Notable("absent", absent))
    return found


def is_quiet(found: Sequence[Notable]) -> bool:
    """Whether there is nothing special."""
    return [one.code for one in found] == ["usual"]


def _amount(changes: int, before: Sequence[int]) -> Notable:
    if not before:
        return Notable("first", changes)
    usual = sorted(before)
    if len(usual) >= _WITHOUT_EXTREMES:
        usual = usual[1:-1]
    low, high = usual[0], usual[-1]
    code: Code = "usual"
    if changes > max(2 * high, high + _SMALL):
        code = "more"
    elif changes < low / 2 and changes < low - _SMALL:
        code = "fewer"
    return Notable(code, changes, before[0], low, high)
