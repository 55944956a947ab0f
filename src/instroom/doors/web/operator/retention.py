"""The page that says what is kept of a customer, for how long, and what goes when (product.md G3)."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from instroom.doors.web.frame.access import Visit, for_customer
from instroom.flow.queries.retention_outlook import outlook
from instroom.flow.retention import retention_of

KINDS: Final = {
    "files": gettext_lazy("Delivered files, with their reports"),
    "findings": gettext_lazy("Deliveries with the values in their findings"),
    "plans": gettext_lazy("Plans that were not imported"),
    "imports": gettext_lazy("Imports that can be undone, and their values"),
    "audit": gettext_lazy("Lines of the audit log"),
    "mails": gettext_lazy("Mails"),
    "calls": gettext_lazy("Messages to webhooks"),
}


@require_safe
@for_customer("configure")
def retention(request: HttpRequest, visit: Visit) -> HttpResponse:
    kept = [(KINDS[one.name], one) for one in outlook(visit.customer, by=visit.user)]
    return render(request, "retention.html", {"kept": kept, **retention_of(visit.customer)._asdict()})
