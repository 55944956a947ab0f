"""Which token a request has, for which customer, and what it allows (product.md G2).

Cookies are ignored, so a page of another site cannot make a browser act here. Customers other than the token's do not
exist for it: 404, as for any unknown name.
"""

from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest
from ninja.security import HttpBearer

from instroom.doors.api.problems import Problem
from instroom.flow import audit
from instroom.flow.people.api_tokens import Pass, holder, too_many_unknown
from instroom.store.models import Delivery


class TokenRequest(HttpRequest):
    """A request that `Token` has let in."""

    auth: Pass


class Token(HttpBearer):
    """Lets requests in whose token allows `action` for the customer of the address."""

    def __init__(self, action: str = "", takes: str = "") -> None:
        """Without `action` any valid token will do. `takes` is the media type that the content must have."""
        super().__init__()
        self.action, self.takes = action, takes
        self.knows = frozenset({"lang"})
        """The query parameters of the operation; `application` adds them."""

    def authenticate(self, request: HttpRequest, token: str) -> Pass:
        """The token's user, customer and rights. Raises Problem."""
        found = holder(token.strip())
        if found is None:
            raise Problem("too-many" if too_many_unknown(request.META.get("REMOTE_ADDR", "")) else "wrong-token")
        self._refuse(request, found)
        if self.takes and request.content_type != self.takes and _has_content(request):
            raise Problem("media-type")
        if unknown := sorted(set(request.GET) - self.knows):
            # A misspelt filter that is silently ignored would return everything.
            raise Problem("invalid", errors=[_unknown(name) for name in unknown])
        audit.work_by(found.token)
        return found

    def _refuse(self, request: HttpRequest, found: Pass) -> None:
        match = request.resolver_match
        customer = match.kwargs.get("customer") if match else None
        if customer is None:
            return
        if customer != found.customer.name or not found.rights:
            raise Problem("not-found")
        if self.action and self.action not in found.actions:
            raise Problem("role" if self.action in found.token.scopes else "scope")


def _has_content(request: HttpRequest) -> bool:
    return bool(request.content_type) or request.META.get("CONTENT_LENGTH") not in (None, "", "0")


def _unknown(name: str) -> dict[str, Any]:
    return {"loc": ("query", name), "type": "extra_forbidden"}


def visitor(request: HttpRequest) -> Pass:
    """The user, customer and rights of the request's token."""
    return cast(TokenRequest, request).auth


def delivery_of(visit: Pass, delivery_id: UUID) -> Delivery:
    """A delivery of the token's own customer. Raises Problem."""
    own = Delivery.objects.filter(customer=visit.customer, pk=delivery_id)
    found = own.select_related("customer", "connection", "undoes", "delivered_by", "decided_by").first()
    if found is None:
        raise Problem("not-found")
    return found
