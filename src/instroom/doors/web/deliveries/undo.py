"""Undo an import (product.md D8): a delivery of its own, that is looked at and approved like any other."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from instroom.core.errors import NotAllowed
from instroom.doors.web.frame.access import Visit, for_customer
from instroom.doors.web.frame.language import current
from instroom.flow.delivery.undo import undo


@require_POST
@for_customer("undo")
def undo_delivery(request: HttpRequest, visit: Visit, delivery_id: UUID) -> HttpResponse:
    """Begin; live stays as it is until the undo is approved."""
    delivery = visit.delivery(delivery_id)
    try:
        one = undo(delivery, by=visit.user)
    except NotAllowed as error:
        messages.error(request, error.sentence(current()))
        return redirect("delivery", visit.customer.name, delivery.pk)
    messages.success(request, _("The undo is a separate delivery. Review its plan, then approve it."))
    return redirect("delivery", visit.customer.name, one.pk)
