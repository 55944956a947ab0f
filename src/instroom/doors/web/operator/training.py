"""The page on which an operator refreshes training from live (product.md D2)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from instroom.core.errors import NotAllowed
from instroom.doors.web.frame.access import Visit, for_customer
from instroom.doors.web.frame.language import current
from instroom.flow import find
from instroom.flow.delivery.refresh import ask_refresh, latest_refresh
from instroom.store.models import Environment


@require_http_methods(["GET", "POST"])
@for_customer("refresh")
def refresh(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show the state of training and of the latest refresh, or ask for one. The worker does it, so no browser waits."""
    if request.method == "POST":
        try:
            ask_refresh(visit.customer, by=visit.user)
        except NotAllowed as error:
            messages.error(request, error.sentence(current()))
        else:
            messages.success(request, _("Training is being refreshed."))
        return redirect("refresh", visit.customer.name)
    context = {
        "training": find.environment(visit.customer, Environment.TRAINING),
        "live": find.environment(visit.customer, Environment.LIVE),
        "latest": latest_refresh(visit.customer),
    }
    return render(request, "training.html", context)
