"""What changed since approval: how two plans of one file differ where live has changed in between (product.md D5)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from instroom.core.fields import Kind
from instroom.core.keys import Key
from instroom.core.plan.model import Change

Word = Literal["added", "gone", "different"]
CompanyKeys = Mapping[str, Key]


class PlanDifference(NamedTuple):
    """A dossier to which the second plan does something else than the first."""

    word: Word
    """`added`: only the second plan touches it. `gone`: only the first did."""
    first: str | None
    """The dossier's id in the first plan; a dossier that is still to be made has another one in each."""
    second: str | None


def differences_between(first: Sequence[Change], second: Sequence[Change], stored: CompanyKeys) -> list[PlanDifference]:
    """The dossiers to which two plans do something else, companies first, each kind in order of key.

    `stored` has the keys of the companies that the changes name and do not touch.
    """
    old, new = _effects(first, stored), _effects(second, stored)
    found: list[PlanDifference] = []
    for identity in sorted(old.keys() | new.keys()):
        before, now = old.get(identity), new.get(identity)
        if before is None or now is None:
            found.append(PlanDifference("gone" if before else "added", before and before[0], now and now[0]))
        elif before[1] != now[1]:
            found.append(PlanDifference("different", before[0], now[0]))
    return found


def count_by_word(differences: Sequence[PlanDifference]) -> dict[str, int]:
    """How many dossiers of each word, those that there are."""
    counts = Counter(one.word for one in differences)
    words: tuple[Word, ...] = ("added", "different", "gone")
    return {word: counts[word] for word in words if word in counts}


def _effects(changes: Sequence[Change], stored: CompanyKeys) -> dict[tuple[Kind, Key], tuple[str, Any]]:
    """By identity: the dossier, and all that is done to it in words that do not depend on ids."""
    keys = {**stored, **{change.dossier: change.key for change in changes if change.kind == "company"}}
    return {
        (one.kind, one.key): (
            one.dossier,
            (one.action, one.link, _plain(one.before), _plain(one.after),
             keys.get(one.company_before or ""), keys.get(one.company_after or "")),
        )
        for one in changes
    }  # fmt: skip


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Pairs as a fresh plan has them, in tuples, are equal to those of a stored one, in lists."""
    return {name: [list(pair) for pair in value] if name == "categories" else value for name, value in values.items()}
