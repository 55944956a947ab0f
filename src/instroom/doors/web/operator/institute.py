"""The institute whose site it is, for site operators, with its logo; and whom a customer asks for help."""

from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from instroom.core import png
from instroom.core.errors import NotAllowed
from instroom.doors.web.frame.access import Oversight, Visit, for_customer, for_operators
from instroom.doors.web.frame.language import current
from instroom.doors.web.frame.query import form_text
from instroom.flow import institute as of_site
from instroom.flow.operations import institute_settings as flow

_FIELDS: Final = ("name", "phone", "email", "website")
_CONTACT: Final = ("name", "phone", "email")
_PICTURE_ALONE: Final = "default-src 'none'; sandbox"


@login_not_required
@require_safe
def logo(request: HttpRequest) -> HttpResponse:
    """The logo of the institute. Pages ask for it with its digest, so that browsers may keep it."""
    picture = of_site.logo()
    if picture is None:
        raise Http404
    headers = {"Content-Security-Policy": _PICTURE_ALONE, "Cache-Control": "public, max-age=86400"}
    return HttpResponse(picture, content_type="image/png", headers=headers)


@require_http_methods(["GET", "POST"])
@for_operators
def institute(request: HttpRequest, seen: Oversight) -> HttpResponse:
    """Show the form, or save it."""
    if not seen.user.is_superuser:
        raise PermissionDenied
    shown, problem = of_site.institute(), ""
    values = flow.document(shown)
    if request.method == "POST":
        values |= {name: form_text(request, name) for name in _FIELDS}
        try:
            changed = _save(request, seen)
        except NotAllowed as error:
            problem = error.sentence(current())
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing has changed."))
            return redirect("institute")
    context = {
        "values": values,
        "problem": problem,
        "most": flow,
        "most_of_logo": png.MOST_BYTES,
        "logo": shown.logo_digest,
    }
    return render(request, "institute.html", context, status=400 if problem else 200)


@transaction.atomic
def _save(request: HttpRequest, seen: Oversight) -> bool:
    """All of it, or nothing where one of it is refused. Gives whether anything has changed."""
    changed = bool(flow.save_institute({name: form_text(request, name) for name in _FIELDS}, by=seen.user))
    file = request.FILES.get("logo")
    if isinstance(file, UploadedFile) and file.size:
        return flow.save_logo(file.read(png.MOST_BYTES + 1), by=seen.user) or changed
    if request.POST.get("no_logo") == "on":
        return flow.save_logo(None, by=seen.user) or changed
    return changed


@require_http_methods(["GET", "POST"])
@for_customer("configure")
def contact(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Whom the people of this customer ask for help."""
    values, problem = flow.contact_document(visit.customer), ""
    if request.method == "POST":
        values = {name: form_text(request, name) for name in _CONTACT}
        try:
            changed = flow.save_contact(visit.customer, values, by=visit.user)
        except NotAllowed as error:
            problem = error.sentence(current())
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing has changed."))
            return redirect("contact", visit.customer.name)
    context = {"values": values, "problem": problem, "most": flow}
    return render(request, "contact.html", context, status=400 if problem else 200)
