"""What an undo leaves alone because it has changed since: each dossier, with its fields (product.md D8)."""

from typing import Final, NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext as _

from instroom.core.layout.loader import Layout
from instroom.core.report.plan_text import kept_label
from instroom.doors.web.frame.language import current
from instroom.doors.web.frame.query import number_of
from instroom.flow import find
from instroom.flow.paging import Page, page_of, page_with
from instroom.flow.queries.history import dossier_ids
from instroom.store.models import Environment, Plan

_ON_A_PAGE: Final = 50


class UndoConflict(NamedTuple):
    """A dossier of which something stays as it is."""

    kind: str
    source: str
    extern_id: str
    dossier: str
    """Its id in live; "" where it is gone."""
    what: str
    """The fields, or that it is the dossier as a whole."""


def undo_conflicts_of(plan: Plan, layout: Layout, request: HttpRequest) -> Page[UndoConflict]:
    """A page of what the plan of an undo keeps: the one that `kept` in the address asks for."""
    page = page_of(plan.kept or [], number_of(request, "kept"), _ON_A_PAGE)
    keys = [(one["kind"], one["extern_source"], one["extern_id"]) for one in page.items]
    live = dossier_ids(find.environment(plan.delivery.customer, Environment.LIVE), keys) if keys else []
    conflicts = []
    for one, key, dossier in zip(page.items, keys, live, strict=True):
        labels = [kept_label(one["kind"], name, layout, current()) for name in one["fields"]]
        conflicts.append(UndoConflict(*key, dossier, ", ".join(labels) or _("the dossier as a whole")))
    return page_with(conflicts, page)
