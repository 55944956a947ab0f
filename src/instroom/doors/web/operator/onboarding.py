"""What is left to do for a new customer, until something of it has reached live."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from instroom.doors.web.frame.access import Visit, for_customer
from instroom.flow.queries.onboarding import Step
from instroom.flow.queries.onboarding import onboarding as onboarding_of


@require_safe
@for_customer("configure")
def onboarding(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The six steps, each with its links."""
    found = onboarding_of(visit.customer)
    steps = [(step, step in found.done) for step in Step]
    return render(request, "onboarding.html", {"steps": steps, "complete": found.complete})
