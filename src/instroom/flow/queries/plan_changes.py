"""Where live has moved since the approval such that the plan is another one: what moved, by change (product.md D5)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from instroom.core.plan.model import Change
from instroom.core.plan.plan_changes import PlanDifference, Word, differences_between
from instroom.flow import audit, delivery_document, permissions
from instroom.flow.paging import Page, bounds
from instroom.flow.queries.dossier_names import called
from instroom.store.models import Delivery, Environment, Plan
from instroom.store.sql import plan_pages, plans, records, stale_plans

_ON_A_PAGE = 50
_AT_ONCE = 500  # of a database's limit on values in a statement


class Difference(NamedTuple):
    """A dossier with which the plan that waits does something else than the one that was approved."""

    word: Word
    name: str
    approved: delivery_document.Document | None
    """As `show.in_words` gives it; None where the approved plan left the dossier alone."""
    now: delivery_document.Document | None


class MovedPage(NamedTuple):
    """A page of what moved."""

    approved: Plan
    """The plan that was approved and is not executed."""
    now: Plan
    """The one that waits."""
    counts: dict[str, int]
    """How many dossiers of each word, those that there are."""
    page: Page[Difference]


def keep_aside(approved: Plan) -> None:
    """To be called before the next plan is saved, in its transaction."""
    stale_plans.set_aside(approved)


def remember(approved: Plan, changes: Sequence[Change]) -> dict[str, int]:
    """Compare the plan that was set aside with the changes of the next one, and keep it. Gives the counts."""
    before = plans.load_changes(approved)
    own = {change.dossier for change in (*before, *changes) if change.kind == "company"}
    named = {one for change in (*before, *changes) for one in (change.company_before, change.company_after) if one}
    stored = {one: company.key for one, company in records.load_by_ids("company", named - own).items()}
    moved = differences_between(before, changes, stored)
    stale_plans.remember(approved, moved)
    return _counted(moved)


def counts_of(delivery: Delivery) -> dict[str, int]:
    """How many dossiers of each word; nothing where no plan was set aside."""
    kept = stale_plans.remembered(delivery)
    return _counted(kept[1]) if kept else {}


def moved_page(
    delivery: Delivery, word: str = "", number: int = 1, size: int = _ON_A_PAGE, by: str | None = None
) -> MovedPage | None:
    """A page of what moved, of one word or all; None where no plan was set aside, or none waits.

    That somebody saw it is in the audit log, as for a plan (G2). `by` is who; None: whoever runs this machine. Raises
    NotFound and NotAllowed.
    """
    user = permissions.person(by, "read", delivery.customer) if by else None
    kept, now = stale_plans.remembered(delivery), delivery_document.plan_of(delivery, Environment.LIVE)
    if kept is None or now is None:
        return None
    approved, moved = kept
    wanted = [one for one in moved if one.word == word or not word]
    number, pages, part = bounds(number, len(wanted), size)
    differences = list(_differences(approved, now, wanted[part]))
    audit.record(delivery, "plan-seen", user, environment=Environment.LIVE, dossiers=len(differences), moved=True)
    return MovedPage(approved, now, _counted(moved), Page(differences, number, pages, len(wanted)))


def differences(delivery: Delivery) -> Iterator[Difference]:
    """All that moved; nothing where no plan was set aside, or none waits."""
    number, pages = 1, 1
    while number <= pages and (page := moved_page(delivery, number=number, size=_AT_ONCE)):
        yield from page.page.items
        number, pages = number + 1, page.page.pages


def _differences(approved: Plan, now: Plan, moved: Sequence[PlanDifference]) -> Iterator[Difference]:
    olds = _in_words(approved, [one.first for one in moved if one.first])
    news = _in_words(now, [one.second for one in moved if one.second])
    for one in moved:
        old, new = olds.get(one.first or ""), news.get(one.second or "")
        shown = new or old
        yield Difference(one.word, shown[0] if shown else "", old and old[1], new and new[1])


def _in_words(plan: Plan, dossiers: Sequence[str]) -> dict[str, tuple[str, delivery_document.Document]]:
    """By dossier: its name, and what the plan does to it."""
    changes = [plans.change_of(change) for change in plan_pages.changes_to(plan, dossiers).values()]
    names = called(changes)
    documents = zip(changes, delivery_document.in_words(changes, plan), strict=True)
    return {change.dossier: (names.get(change.dossier, ""), document) for change, document in documents}


def _counted(moved: Sequence[PlanDifference]) -> dict[str, int]:
    counts = Counter(one.word for one in moved)
    words: tuple[Word, ...] = ("added", "different", "gone")
    return {word: counts[word] for word in words if word in counts}
