"""The form of a customer's own sign-in provider (product.md G6)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from instroom.core.errors import InstroomError
from instroom.doors.web.frame.access import Visit, for_customer, or_404
from instroom.doors.web.frame.language import current
from instroom.doors.web.frame.query import form_text
from instroom.doors.web.people.account import prove
from instroom.flow.people import second_factor
from instroom.flow.sign_in_providers import manage
from instroom.flow.sign_in_providers.discovery import Metadata
from instroom.flow.sign_in_providers.manage import ProviderSettings
from instroom.store.models import Role

_MOST_OF_LIST = 20_000  # letters


@require_http_methods(["GET", "POST"])
@for_customer("manage-users")
def provider(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show the form, try what it says, or save it."""
    now = manage.provider_of(visit.customer)
    chosen, problem, tried = manage.settings_of(now) if now else ProviderSettings("", ""), "", None
    if request.method == "POST":
        chosen = _typed(request)
        try:
            if "try" in request.POST:
                tried = manage.try_out(chosen.issuer, visit.customer, by=visit.user)
            else:
                prove(request)
                saved = manage.save(visit.customer, chosen, by=visit.user)
                messages.success(request, _("Saved.") if saved else _("Nothing has changed."))
                return redirect("provider-settings", visit.customer.name)
        except InstroomError as error:
            problem = error.sentence(current())
    return _form(request, visit, chosen, problem, tried)


@require_POST
@for_customer("manage-users")
def remove(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Nobody signs in with it any more; roles stay."""
    try:
        prove(request)
        or_404(manage.remove, visit.customer, by=visit.user)
    except InstroomError as error:
        messages.warning(request, error.sentence(current()))
    else:
        messages.success(request, _("The sign-in provider has been removed."))
    return redirect("provider-settings", visit.customer.name)


def _typed(request: HttpRequest) -> ProviderSettings:
    """What the form says. A line of groups is `group = role, role: source, source`."""
    lines = (line.rpartition("=") for line in form_text(request, "groups", _MOST_OF_LIST).splitlines() if line.strip())
    groups = {name.strip(): manage.read_group(gives) for name, _sign, gives in lines}
    return ProviderSettings(
        issuer=form_text(request, "issuer", 501).strip(),
        client_id=form_text(request, "client_id").strip(),
        client_secret=form_text(request, "client_secret", 1000),
        mail_domains=form_text(request, "mail_domains", _MOST_OF_LIST).replace(",", " ").split(),
        first_roles=request.POST.getlist("first_roles"),
        groups_claim=form_text(request, "groups_claim").strip(),
        groups=groups,
        passwords=request.POST.get("passwords") == "on",
        active=request.POST.get("active") == "on",
    )


def _form(
    request: HttpRequest, visit: Visit, chosen: ProviderSettings, problem: str, tried: Metadata | None
) -> HttpResponse:
    now = manage.provider_of(visit.customer)
    context: dict[str, Any] = {
        "chosen": chosen,
        "domains": "\n".join(chosen.mail_domains),
        "groups": "\n".join(f"{name} = {manage.written(gives)}" for name, gives in chosen.groups.items()),
        "names": Role.NAMES,
        "now": now,
        "addresses": manage.addresses_of(visit.customer),
        "has_code": second_factor.is_asked_of(visit.user),
        "problem": problem,
        "tried": tried,
    }
    return render(request, "provider.html", context, status=400 if problem else 200)
