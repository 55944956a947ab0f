"""All deliveries of a customer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from instroom.doors.web.frame.access import Visit, for_customer
from instroom.doors.web.frame.query import number_of, text_of
from instroom.doors.web.words.labels import LIST_GROUPS
from instroom.flow.queries.overview import deliveries as page_of_deliveries


@require_safe
@for_customer()
def deliveries(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The newest first, with state and age."""
    group = text_of(request, "group")
    page = page_of_deliveries(visit.customer, group, number_of(request), by=visit.user)
    return render(request, "deliveries.html", {"page": page, "group": group, "groups": LIST_GROUPS})
