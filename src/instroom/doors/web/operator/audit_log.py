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
from instroom.doors.web.frame.query import as_id, form_text, id_of, text_of
from instroom.doors.web.operator.audit_facts import dossier_text, facts_of
from instroom.doors.web.words.audit_labels import action_groups, facts_line
from instroom.doors.web.words.labels import event_word
from instroom.flow.queries import audit_log as flow
from instroom.flow.queries.audit_filter import AuditFilter
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
    """The filter is posted, and the page redirects: its address has ids, or a word for what was typed, never a name."""
    if request.method == "POST":
        chosen = {name: form_text(request, name).strip() for name in ("action", "since", "until")}
        for name in ("person", "dossier", "delivery"):
            typed = form_text(request, name).strip()
            chosen[name] = typed if not typed or as_id(typed) else keep_search(request, typed)
        return redirect(f"{request.path}?{urlencode({name: text for name, text in chosen.items() if text})}")
    wanted = _wanted(request)
    found = flow.entries(customer, wanted, id_of(request, "before"), by=user)
    person = as_id(wanted.person)
    context = {
        "rows": [
            (one, event_word(one.action), facts_of(one, found, customer.name if customer else ""))
            for one in found.items
        ],
        "older": found.older,
        "later": bool(request.GET.get("before")),
        "wanted": wanted,
        "person": "" if person else wanted.person,
        "dossier": ", ".join(map(dossier_text, found.meant[:1])) if as_id(wanted.dossier) else wanted.dossier,
        "meant": [(one, dossier_text(one)) for one in found.meant],
        "filtered": wanted != AuditFilter(),
        "groups": action_groups(),
        "people": flow.people(customer, person),
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


def _wanted(request: HttpRequest) -> AuditFilter:
    asked = {name: text_of(request, name) for name in ("person", "dossier", "delivery")}
    typed = {name: kept_search(request, text) for name, text in asked.items()}
    for name in ("person", "dossier"):  # a word of another session finds nothing
        typed[name] = typed[name] or (asked[name] if as_id(asked[name]) else asked[name] and _NOBODY)
    typed["delivery"] = typed["delivery"] or asked["delivery"]  # a number may be cut off
    return AuditFilter(
        action=text_of(request, "action"), since=_day(request, "since"), until=_day(request, "until"), **typed
    )


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        day = date.fromisoformat(text_of(request, name))
    except ValueError:
        return None
    return day if 1900 < day.year < 9999 else None
