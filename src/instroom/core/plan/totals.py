"""The totals of a plan: the OUTCOME of the contracts, and the proof that every record has one outcome (D1)."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from instroom.core.plan.model import Change, Outcome


def totals(outcomes: Sequence[Outcome], companies: Sequence[Change], persons: Sequence[Change]) -> dict[str, Any]:
    """Counts of records, of dossiers and of links. `outcomes` adds up to `records`; `cleared` counts the values that
    the plan empties (B6)."""
    words = Counter(outcome.word for outcome in outcomes)
    company_actions = Counter(change.action for change in companies)
    person_actions = Counter(change.action for change in persons)
    links = Counter(change.link for change in persons)
    cleared = sum(value == "" for change in (*companies, *persons) for value in change.after.values())
    return {
        "records": len(outcomes),
        "left_out": words["left_out"],
        "companies": {action: company_actions[action] for action in ("new", "changed", "unchanged")},
        "persons": {
            **{action: person_actions[action] for action in ("new", "changed", "unchanged")},
            **{link: links[link] for link in ("linked", "relinked", "unlinked")},
        },
        "outcomes": dict(sorted(words.items())),
        "cleared": cleared,
    }
