"""Undo an import (product.md D8): a delivery of its own, that is looked at and approved like any other."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from instroom.core.errors import NotAllowed
from instroom.doors.web.frame.access import Visit, for_customer
from instroom.doors.web.frame.language import current
from instroom.flow.delivery.undo import undo
from instroom.store.models import Environment
from instroom.store.search_index import KINDS


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


@require_POST
@for_customer("undo")
def restore_dossier(request: HttpRequest, visit: Visit, delivery_id: UUID, kind: str, dossier_id: UUID) -> HttpResponse:
    """As `undo_delivery`, for one dossier in live."""
    if kind not in KINDS:
        raise Http404
    delivery = visit.delivery(delivery_id)
    try:
        one = undo(delivery, by=visit.user, only=dossier_id)
    except NotAllowed as error:
        messages.error(request, error.sentence(current()))
        return redirect(kind, visit.customer.name, Environment.LIVE, dossier_id)
    messages.success(request, _("Restoring is a separate delivery. Review its plan, then approve it."))
    return redirect("delivery", visit.customer.name, one.pk)
