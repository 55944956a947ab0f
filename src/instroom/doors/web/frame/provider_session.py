"""Sessions that a customer's own sign-in provider has begun: it vouches for its people to that customer alone."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase

from instroom.flow.acting import only_for
from instroom.store.models import User

CUSTOMER: Final = "only_customer"
"""Where the session has the id of the customer."""

Respond = Callable[[HttpRequest], HttpResponseBase]


def keep_to_customer(respond: Respond) -> Respond:
    """Middleware: what the user may do for other customers, or for the site, is out of reach."""

    def within_reach(request: HttpRequest) -> HttpResponseBase:
        customer = request.session.get(CUSTOMER)
        if not customer or not isinstance(request.user, User):
            return respond(request)
        with only_for(UUID(customer), request.user):
            return respond(request)

    return within_reach
