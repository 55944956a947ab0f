"""Uploads that were left under the name of an unfinished file: delivered by a person, or deleted."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from instroom.doors.web.frame.access import Visit, for_customer, or_404
from instroom.flow.file_server import accounts
from instroom.flow.file_server import left_files as flow


@require_POST
@for_customer("configure")
def deliver(request: HttpRequest, visit: Visit, name: str, file_id: UUID) -> HttpResponse:
    account = or_404(accounts.account, name, visit.customer)
    made = or_404(flow.deliver, account, file_id, by=visit.user)
    return redirect("delivery", visit.customer.name, made.pk)


@require_POST
@for_customer("configure")
def delete(request: HttpRequest, visit: Visit, name: str, file_id: UUID) -> HttpResponse:
    account = or_404(accounts.account, name, visit.customer)
    or_404(flow.delete, account, file_id, by=visit.user)
    messages.success(request, _("The upload has been deleted."))
    return redirect("file-account", visit.customer.name, account.name)
