"""All deliveries of a customer."""

from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from instroom.doors.web.frame.access import Visit, for_customer
from instroom.doors.web.frame.kept_searches import keep_search, kept_search
from instroom.doors.web.frame.query import form_text, number_of, text_of
from instroom.doors.web.words.labels import LIST_GROUPS
from instroom.flow.queries import delivery_list
from instroom.flow.queries.delivery_list import ListFilter


@require_http_methods(["GET", "HEAD", "POST"])
@for_customer()
def deliveries(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The newest first, with state and result. A filter is posted, and answered by its address."""
    if request.method == "POST":
        return _narrow(request)
    wanted = _wanted(request)
    context = {
        "page": delivery_list.deliveries(visit.customer, wanted, number_of(request), by=visit.user),
        "people": delivery_list.people_who_delivered(visit.customer, by=visit.user),
        "wanted": wanted,
        "narrowed": any(wanted[1:]),
        "group": wanted.group,
        "groups": LIST_GROUPS,
    }
    return render(request, "deliveries.html", context)


def _narrow(request: HttpRequest) -> HttpResponse:
    """The name of a file may name a person, so the address has a word for it."""
    asked = {name: form_text(request, name).strip() for name in ("group", "by", "since", "until")}
    file = form_text(request, "file").strip()
    asked["search"] = keep_search(request, file) if file else ""
    return redirect(f"{request.path}?{urlencode({name: value for name, value in asked.items() if value})}")


def _wanted(request: HttpRequest) -> ListFilter:
    """What the address asks for; what it says in no form that we know narrows nothing."""
    try:
        by = UUID(text_of(request, "by"))
    except ValueError:
        by = None
    days = [_day(text_of(request, name)) for name in ("since", "until")]
    file = kept_search(request, text_of(request, "search"))
    return ListFilter(text_of(request, "group"), file, by, *days)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
