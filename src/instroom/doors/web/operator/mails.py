"""The mails about a customer: sent, waiting and given up. For operators."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from instroom.doors.web.frame.access import Visit, for_customer, or_404
from instroom.doors.web.frame.query import number_of
from instroom.doors.web.frame.security import CONTENT_SECURITY_POLICY
from instroom.flow.mails import mail_list

_ITS_OWN_STYLE: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"


@require_safe
@for_customer("manage-users")
def mails(request: HttpRequest, visit: Visit) -> HttpResponse:
    page = mail_list.mails(visit.customer, number_of(request))
    return render(request, "mails.html", {"page": page, "sends_mail": bool(settings.INSTROOM_SMTP)})


@require_safe
@for_customer("manage-users")
def mail(request: HttpRequest, visit: Visit, mail_id: UUID) -> HttpResponse:
    """A mail, as text and in its HTML."""
    one = or_404(mail_list.mail, visit.customer, mail_id)
    response = render(request, "mail.html", {"mail": one, "sends_mail": bool(settings.INSTROOM_SMTP)})
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return response


@require_safe
@xframe_options_sameorigin
@for_customer("manage-users")
def mail_html(request: HttpRequest, visit: Visit, mail_id: UUID) -> HttpResponse:
    """The HTML of a mail, for a frame that runs no scripts and loads nothing."""
    one = or_404(mail_list.mail, visit.customer, mail_id)
    if not one.html:
        raise Http404
    return HttpResponse(one.html, headers={"Content-Security-Policy": _ITS_OWN_STYLE})


@require_POST
@for_customer("manage-users")
def mail_again(request: HttpRequest, visit: Visit, mail_id: UUID) -> HttpResponse:
    """Send a mail again that was given up."""
    or_404(mail_list.try_again, visit.customer, mail_id, by=visit.user)
    messages.success(request, _("The mail will be sent again."))
    return redirect("mails", visit.customer.name)
