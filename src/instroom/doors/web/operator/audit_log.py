"""The audit log of a customer, for operators (product.md G2): on the screen, and as CSV."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from instroom.core.report.csv_report import harmless
from instroom.doors.web.frame.access import Oversight, Visit, for_customer, for_operators
from instroom.doors.web.frame.kept_searches import keep_search, kept_search
from instroom.doors.web.frame.language import current
from instroom.doors.web.frame.query import form_text, text_of
from instroom.doors.web.words.audit_labels import facts_line
from instroom.doors.web.words.labels import EVENTS, event_word
from instroom.flow.queries import audit_log as flow
from instroom.store.models import AuditEntry, Customer, User

_NOBODY: Final = str(UUID(int=0))
_MARK: Final = "\ufeff"  # by which a spreadsheet knows UTF-8


@require_http_methods(["GET", "HEAD", "POST"])
@for_customer("oversee")
def audit_log(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who did what for a customer, when; the newest first."""
    return _page(request, visit.customer, visit.user)


@require_safe
@for_customer("oversee")
def audit_file(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    return _file(request, visit.customer, visit.user)


@require_http_methods(["GET", "HEAD", "POST"])
@for_operators
def site_log(request: HttpRequest, seen: Oversight) -> HttpResponse:
    """Entries that belong to no customer, such as signing in. For site operators."""
    return _page(request, None, seen.user)


@require_safe
@for_operators
def site_file(request: HttpRequest, seen: Oversight) -> HttpResponseBase:
    return _file(request, None, seen.user)


def _page(request: HttpRequest, customer: Customer | None, user: User) -> HttpResponse:
    """The filter is posted, and the page redirects: its address has an id or a word for a person, never a name."""
    if request.method == "POST":
        chosen = {name: form_text(request, name).strip() for name in ("action", "since", "until", "delivery")}
        if name := form_text(request, "person").strip():
            chosen["person"] = keep_search(request, name)
        return redirect(f"{request.path}?{urlencode({name: text for name, text in chosen.items() if text})}")
    wanted = _wanted(request)
    person_id = _id(wanted.person)
    found = flow.entries(customer, wanted, _id(text_of(request, "before")), by=user)
    context = {
        "rows": [(one, event_word(one.action), facts_line(one.facts)) for one in found.items],
        "older": found.older,
        "later": bool(request.GET.get("before")),
        "wanted": wanted,
        "person": (person_id and flow.name_of(customer, person_id)) or wanted.person.replace(_NOBODY, ""),
        "filtered": wanted != flow.AuditFilter(),
        "actions": sorted(((name, event_word(name)) for name in EVENTS), key=lambda one: one[1].casefold()),
        "people": flow.people(customer),
        "file": reverse("audit-file", args=[customer.name]) if customer else reverse("site-audit-file"),
    }
    return render(request, "audit_log.html", context)


def _file(request: HttpRequest, customer: Customer | None, user: User) -> HttpResponseBase:
    """A file that a spreadsheet opens, written while it is sent, so that its length does not matter.

    A text that a spreadsheet would take for a formula has an apostrophe before it (`report.csv_report.harmless`).
    """
    entries = flow.export(customer, _wanted(request), by=user)
    parts = (customer.name if customer else "instroom", _("audit-log"), timezone.localdate().isoformat())
    headers = {"Content-Disposition": f'attachment; filename="{"-".join(parts)}.csv"'}
    lines = _lines(entries, current())
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _lines(entries: Iterable[AuditEntry], lang: str) -> Iterator[str]:
    """Headers first; semicolons and a BOM, as a Dutch spreadsheet opens it. Each line is worded when it is asked for:
    the page's own language is gone by then."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    with override(lang):
        headers = [
            _("When"),
            _("Who"),
            _("What"),
            _("Code"),
            _("Delivery"),
            _("File"),
            _("Facts"),
            _("Number"),
            _("Hash"),
        ]
    yield _MARK + writer.writerow(headers)
    for one in entries:
        with override(lang):
            cells = _cells(one)
        yield writer.writerow([harmless(cell) for cell in cells])


def _cells(one: AuditEntry) -> tuple[str, ...]:
    return (
        timezone.localtime(one.at).strftime("%Y-%m-%d %H:%M:%S"),
        one.user.username if one.user else "Instroom",
        event_word(one.action),
        one.action,
        str(one.delivery_id or ""),
        one.delivery.file_name if one.delivery else "",
        facts_line(one.facts, whole=True),
        str(one.number),
        one.hash,
    )


class _Echo:
    """Gives back what the csv module writes: its `writerow` hands on what `write` returns."""

    def write(self, line: str) -> str:
        return line


def _wanted(request: HttpRequest) -> flow.AuditFilter:
    person, action, delivery = (text_of(request, name) for name in ("person", "action", "delivery"))
    if person and not _id(person):
        person = kept_search(request, person) or _NOBODY  # a word of another session finds nothing
    return flow.AuditFilter(person, action, _day(request, "since"), _day(request, "until"), delivery)


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        day = date.fromisoformat(text_of(request, name))
    except ValueError:
        return None
    return day if 1900 < day.year < 9999 else None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
