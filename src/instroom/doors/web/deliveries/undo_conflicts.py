"""What an undo does not take back, since it has changed meanwhile: each dossier named, with fields (product.md D8)."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from instroom.core.layout.loader import Layout
from instroom.core.report.plan_text import field_label
from instroom.doors.web.frame.language import current
from instroom.doors.web.frame.query import number_of
from instroom.flow.paging import Page, page_of, page_with
from instroom.store.models import Plan

_ON_A_PAGE: Final = 50
_NO_FIELDS: Final = {
    "company": gettext_lazy("the link to a company"),
    "categories": gettext_lazy("categories"),
    "free_fields": gettext_lazy("free fields"),
}


class Kept(NamedTuple):
    """A dossier of which something stays as it is."""

    kind: str
    source: str
    extern_id: str
    what: str
    """The fields, or that it is the dossier as a whole."""


def kept_of(plan: Plan, layout: Layout, request: HttpRequest) -> Page[Kept]:
    """A page of what the plan of an undo keeps: the one that `kept` in the address asks for."""
    page = page_of(plan.totals.get("kept", []), number_of(request, "kept"), _ON_A_PAGE)
    return page_with([_kept(one, layout) for one in page.items], page)


def _kept(one: Mapping[str, Any], layout: Layout) -> Kept:
    labels = [_label(one["kind"], name, layout) for name in one["fields"]]
    return Kept(one["kind"], one["extern_source"], one["extern_id"], ", ".join(labels) or _("the dossier as a whole"))


def _label(kind: Any, name: str, layout: Layout) -> str:
    return str(_NO_FIELDS[name]) if name in _NO_FIELDS else field_label(kind, name, layout, current())
