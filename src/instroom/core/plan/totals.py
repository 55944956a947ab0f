"""The totals of a plan: the OUTCOME of the contracts, and the proof that every record has one outcome (D1)."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from instroom.core.plan.model import Action, Change, Outcome


def totals(
    outcomes: Sequence[Outcome], companies: Sequence[Action], persons: Sequence[Action], changes: Sequence[Change]
) -> dict[str, Any]:
    """Counts of records, of dossiers (one action each) and of links. `outcomes` adds up to `records`; `cleared` counts
    the values that the plan empties (B6)."""
    words = Counter([outcome.word for outcome in outcomes])
    links = Counter([change.link for change in changes])
    changed = [change for change in changes if change.action == "changed"]
    return {
        "records": len(outcomes),
        "left_out": words["left_out"],
        "companies": {action: companies.count(action) for action in ("new", "changed", "unchanged")},
        "persons": {
            **{action: persons.count(action) for action in ("new", "changed", "unchanged")},
            **{link: links[link] for link in ("linked", "relinked", "unlinked")},
        },
        "outcomes": dict(sorted(words.items())),
        "cleared": sum(value == "" for change in changed for value in change.after.values()),
    }
