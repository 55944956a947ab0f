"""Which token a request has, for which customer, and what it allows (product.md G2).

Cookies are ignored, so a page of another site cannot make a browser act here. Customers other than the token's do not
exist for it: 404, as for any unknown name.
"""

from uuid import UUID

from django.http import HttpRequest
from ninja.security import HttpBearer

from instroom.core.errors import NotFound
from instroom.doors.api.problems import ApiProblem
from instroom.doors.api.strictness import Takes, refuse_what_it_does_not_take
from instroom.flow import acting, find
from instroom.flow.people.api_tokens import Pass, holder, too_many_unknown
from instroom.store.models import Delivery


class TokenRequest(HttpRequest):
    """A request that `Token` has let in; `auth` is its user, customer and rights."""

    auth: Pass


class Token(HttpBearer):
    """Lets requests in whose token allows `action` for the customer of the address."""

    def __init__(self, action: str = "", right: str = "") -> None:
        """Without `action` any valid token will do. Of its user a further `right` may be asked."""
        super().__init__()
        self.action, self.right, self.takes = action, right or action, Takes()
        """`application` says what the operation takes."""

    def authenticate(self, request: HttpRequest, token: str) -> Pass:
        """The token's user, customer and rights. Raises ApiProblem."""
        found = holder(token.strip())
        if found is None:
            raise ApiProblem("too-many" if too_many_unknown(request.META.get("REMOTE_ADDR", "")) else "wrong-token")
        request.auth = found  # type: ignore[attr-defined]  # who was refused is logged
        self._refuse_other_customers(request, found)
        if self.action and self.action not in found.actions:
            raise ApiProblem("role" if self.action in found.token.scopes else "scope")
        if self.right and self.right not in found.rights:
            raise ApiProblem("role")
        request.takes = self.takes  # type: ignore[attr-defined]  # for the words of what pydantic refuses
        refuse_what_it_does_not_take(request, self.takes)
        acting.work_by(found.token)
        return found

    def _refuse_other_customers(self, request: HttpRequest, found: Pass) -> None:
        match = request.resolver_match
        customer = match.kwargs.get("customer") if match else None
        if customer is not None and (customer != found.customer.name or not found.rights):
            raise ApiProblem("not-found")


def delivery_or_404(request: TokenRequest, delivery_id: UUID) -> Delivery:
    """A delivery of the token's own customer. Raises ApiProblem; the answer for another customer's delivery is that for
    an unknown one."""
    try:
        return find.delivery_of(request.auth.customer, delivery_id, by=request.auth.user)
    except NotFound as error:
        raise ApiProblem("not-found") from error
