"""What changed since approval, dossier by dossier, where live has changed and the plan with it (product.md D5)."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from instroom.core.plan.plan_changes import PlanDifference, Word, count_by_word
from instroom.flow import audit, delivery_document, permissions
from instroom.flow.paging import Page, bounds
from instroom.flow.queries.dossier_names import called
from instroom.flow.source_limits import refuse_other_sources
from instroom.store.models import Delivery, Environment, Plan, User
from instroom.store.sql import plan_pages, stale_plans

_ON_A_PAGE = 50
_AT_ONCE = 500  # of a database's limit on values in a statement


class Difference(NamedTuple):
    """A dossier with which the plan that waits does something else than the one that was approved."""

    word: Word
    name: str
    approved: delivery_document.Document | None
    """As `delivery_document.in_words` gives it; None where the approved plan left the dossier alone."""
    now: delivery_document.Document | None


class DifferencesPage(NamedTuple):
    """A page of what changed since approval."""

    approved: Plan
    """The plan that was approved and is not executed."""
    now: Plan
    """The one that waits."""
    counts: dict[str, int]
    """How many dossiers of each word, those that there are."""
    page: Page[Difference]


def counts_of(delivery: Delivery) -> dict[str, int]:
    """How many dossiers of each word; nothing where no approved plan is outdated."""
    kept = stale_plans.outdated_plan(delivery)
    return count_by_word(kept[1]) if kept else {}


def differences_page(
    delivery: Delivery, word: str = "", number: int = 1, size: int = _ON_A_PAGE, *, by: User | None = None
) -> DifferencesPage | None:
    """A page of what changed since approval, of one word or all; None where there is no outdated plan, or
    none waits.

    That somebody saw it is in the audit log, as for a plan (G2). `by` is the reader; None: the person who runs
    this machine. Raises NotFound and NotAllowed.
    """
    if by:
        permissions.check(by, "read", delivery.customer)
        refuse_other_sources(delivery, "read", by)
    kept, now = stale_plans.outdated_plan(delivery), delivery_document.plan_of(delivery, Environment.LIVE)
    if kept is None or now is None:
        return None
    approved, found = kept
    wanted = [one for one in found if one.word == word or not word]
    number, pages, part = bounds(number, len(wanted), size)
    differences = list(_differences(approved, now, wanted[part]))
    audit.record(delivery, "plan-seen", by, environment=Environment.LIVE, dossiers=len(differences), differences=True)
    return DifferencesPage(approved, now, count_by_word(found), Page(differences, number, pages, len(wanted)))


def differences(delivery: Delivery) -> Iterator[Difference]:
    """All that changed since approval; nothing where no approved plan is outdated, or none waits."""
    number, pages = 1, 1
    while number <= pages and (page := differences_page(delivery, number=number, size=_AT_ONCE)):
        yield from page.page.items
        number, pages = number + 1, page.page.pages


def _differences(approved: Plan, now: Plan, found: Sequence[PlanDifference]) -> Iterator[Difference]:
    olds = _in_words(approved, [one.first for one in found if one.first])
    news = _in_words(now, [one.second for one in found if one.second])
    for one in found:
        old, new = olds.get(one.first or ""), news.get(one.second or "")
        shown = new or old
        yield Difference(one.word, shown[0] if shown else "", old and old[1], new and new[1])


def _in_words(plan: Plan, dossiers: Sequence[str]) -> dict[str, tuple[str, delivery_document.Document]]:
    """By dossier: its name, and what the plan does to it."""
    changes = list(plan_pages.changes_to(plan, dossiers).values())
    names = called(changes)
    documents = zip(changes, delivery_document.in_words(changes, plan), strict=True)
    return {change.dossier: (names.get(change.dossier, ""), document) for change, document in documents}
