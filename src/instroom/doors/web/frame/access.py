"""Who is here, for which customer, and what they may do there (product.md G2). All pages of a customer stand behind it.

A customer that somebody has no role for does not exist for them: 404, as for any unknown name.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase

from instroom.core.errors import NotFound
from instroom.flow import find
from instroom.flow.permissions import allowed
from instroom.flow.queries.operator_overview import is_any_operator, operated_customers
from instroom.store.models import Customer, Delivery, User

P = ParamSpec("P")
T = TypeVar("T")


class Visit(NamedTuple):
    """A person at work for a customer."""

    user: User
    customer: Customer
    actions: frozenset[str]
    """What the person may do, as `flow.permissions` names it."""

    def delivery(self, delivery_id: UUID) -> Delivery:
        """A delivery of this customer. Raises Http404."""
        return or_404(find.delivery_of, self.customer, delivery_id, by=self.user)


View = Callable[Concatenate[HttpRequest, Visit, P], HttpResponseBase]


def for_customer(action: str = "read") -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """Give a view the visit, where the person may do `action` for the customer of the address.

    Raises Http404 where the customer is not theirs, PermissionDenied where their role does not allow it.
    """

    def guard(view: View[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, customer: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            user, found = request.user, Customer.objects.filter(name=customer).first()
            if not isinstance(user, User) or found is None:
                raise Http404
            visit = Visit(user, found, allowed(user, found))
            if not visit.actions:
                raise Http404
            request.visit = visit  # type: ignore[attr-defined] # read by `frame_context` for the frame of the page
            if action not in visit.actions:
                raise PermissionDenied
            return view(request, visit, *args, **kwargs)

        return guarded

    return guard


class Oversight(NamedTuple):
    """An operator at work for all customers."""

    user: User
    customers: QuerySet[Customer]
    """Those for which the person is operator, by title."""


def for_operators(view: Callable[[HttpRequest, Oversight], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give a view what the person oversees. Raises PermissionDenied where that is nothing."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, User) or not is_any_operator(user):
            raise PermissionDenied
        seen = Oversight(user, operated_customers(user))
        request.oversight = seen  # type: ignore[attr-defined] # read by `frame_context` for the frame of the page
        return view(request, seen)

    return guarded


def or_404(find: Callable[..., T], *arguments: Any, **by: User) -> T:
    """What `find` gives. Raises Http404 where it finds nothing: in the words that stand for any other address."""
    try:
        return find(*arguments, **by)
    except NotFound as error:
        raise Http404 from error
