"""The page of a user's own tokens, by which programs work as that user."""

from typing import Any, Final, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from instroom.core.errors import NotAllowed
from instroom.core.whole_number import whole_number
from instroom.doors.web.frame.language import current
from instroom.doors.web.frame.query import form_lines, form_text
from instroom.doors.web.people.account import prove, signed_in
from instroom.flow import find
from instroom.flow.people import api_tokens as flow
from instroom.flow.people.second_factor import is_asked_of
from instroom.flow.permissions import allowed
from instroom.flow.queries.overview import customers_of
from instroom.store.models import ApiToken, User

_DAYS: Final = (30, flow.DAYS, 180)
SCOPE_WORDS: Final = {
    "read": gettext_lazy("look up deliveries, plans and dossiers"),
    "export": gettext_lazy("export all dossiers"),
    "deliver": gettext_lazy("deliver files"),
    "withdraw": gettext_lazy("withdraw deliveries"),
    "comment": gettext_lazy("ask and say something about deliveries"),
    "approve": gettext_lazy("approve"),
    "refuse": gettext_lazy("refuse"),
    "undo": gettext_lazy("undo imports"),
    "retry": gettext_lazy("have failed deliveries tried again"),
    "refresh": gettext_lazy("refresh training"),
    "configure": gettext_lazy(
        "make and change connections, accounts of the file server with their passwords, and webhooks to any address"
    ),
    "privacy": gettext_lazy("export all that is known of a person, and erase persons"),
    "manage-tokens": gettext_lazy("see and end tokens, and make tokens that may do what this one may"),
    "manage-users": gettext_lazy("invite people, change their roles, and see and end their tokens"),
    "manage-customers": gettext_lazy("list the customers of this site, and add customers"),
}
_AT_FIRST: Final = ("read", "deliver")  # what most programs are for


class TokenLine(NamedTuple):
    """A token in the list."""

    token: ApiToken
    valid: bool
    scopes: list[str]


@require_http_methods(["GET", "POST"])
def api_tokens(request: HttpRequest) -> HttpResponse:
    """The list, with a form for a new token, which is shown once, in the answer to that form.

    Raises NotFound for a customer that the user has no role for, as for one that does not exist."""
    if request.method != "POST":
        return _page(request)
    try:
        prove(request)
        made = flow.add(
            find.customer(form_text(request, "customer"), of=signed_in(request)),
            form_text(request, "name"),
            [scope for scope in flow.SCOPES if scope in request.POST.getlist("scope")],
            whole_number(form_text(request, "days")) or 0,
            by=signed_in(request),
            sources=form_lines(request, "sources"),
        )
    except NotAllowed as error:
        return _page(request, problem=error.sentence(current()))
    return _page(request, made=made)


@require_POST
def end(request: HttpRequest, token_id: UUID) -> HttpResponse:
    token = flow.end(token_id, by=signed_in(request))
    messages.success(request, _("The token of %(name)s has been revoked.") % {"name": token.name})
    return redirect("api-tokens")


def _page(request: HttpRequest, problem: str = "", made: flow.TokenWithSecret | None = None) -> HttpResponse:
    user = signed_in(request)
    customers, offered = customers_of(user), _offered(user)
    chosen = request.POST.getlist("scope") if problem else _AT_FIRST
    context: dict[str, Any] = {
        "problem": problem,
        "made": made,
        "lines": [token_line(one) for one in flow.tokens_of(user)],
        "own_customers": customers,
        "scopes": [(scope, SCOPE_WORDS[scope], scope in chosen) for scope in offered],
        "sources": form_lines(request, "sources") if problem else [],
        "days": [*(days for days in _DAYS if days < flow.longest_days()), flow.longest_days()],
        "has_code": is_asked_of(user),
        "asked": {name: form_text(request, name) if problem else "" for name in ("name", "customer", "days")},
        "usual_days": min(flow.DAYS, flow.longest_days()),
        "longest_days": flow.longest_days(),
        "most_letters": flow.MOST_LETTERS,
    }
    return render(request, "api_tokens.html", context, status=400 if problem else 200)


def _offered(user: User) -> list[str]:
    """The scopes to choose from: what the user may do for any customer."""
    may = frozenset[str]().union(*(allowed(user, one) for one in customers_of(user)))
    return [scope for scope in flow.SCOPES if scope in may]


def token_line(token: ApiToken) -> TokenLine:
    return TokenLine(
        token, flow.is_valid(token), [str(SCOPE_WORDS[scope]) for scope in token.scopes if scope in SCOPE_WORDS]
    )
