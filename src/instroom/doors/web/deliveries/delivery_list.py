"""All deliveries of a customer."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from instroom.doors.web.frame.access import Visit, for_customer
from instroom.doors.web.frame.query import number_of, text_of
from instroom.doors.web.words.labels import LIST_GROUPS
from instroom.flow.queries import delivery_list
from instroom.flow.queries.delivery_list import ListFilter


@require_safe
@for_customer()
def deliveries(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The newest first, with state and result."""
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


def _wanted(request: HttpRequest) -> ListFilter:
    """What the address asks for; what it says in no form that we know narrows nothing."""
    try:
        by = UUID(text_of(request, "by"))
    except ValueError:
        by = None
    days = [_day(text_of(request, name)) for name in ("since", "until")]
    return ListFilter(text_of(request, "group"), text_of(request, "file"), by, *days)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
