"""The overview of an operator: all customers for which a person is operator, and their deliveries (product.md G2)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils import timezone

from instroom.core.errors import NotFound
from instroom.flow.acting import only_customer
from instroom.flow.comments import with_questions
from instroom.flow.delivery.states import AWAITING_DECISION
from instroom.flow.paging import Page, bounds
from instroom.flow.queries.delivery_list import in_group
from instroom.store.models import ConnectionRun, Customer, Delivery, Environment, Plan, Role, User
from instroom.store.sql.open_deliveries import open_deliveries

MOST_WAITING = 10
_ON_A_PAGE = 50


class WaitingDelivery(NamedTuple):
    """A delivery that waits for a person."""

    delivery: Delivery
    since: datetime
    """When its plan against live was there to decide on."""


class CustomerSummary(NamedTuple):
    """A customer at a glance."""

    customer: Customer
    waiting: int
    """Deliveries that an approver decides on."""
    companies: int
    persons: int
    last: datetime | None
    """When the last delivery came in."""
    next: datetime | None = None
    """When its next file is expected; None where its connections have no schedule, or are paused."""


def operated_customers(user: User) -> QuerySet[Customer]:
    """The customers for which a user is operator, by title."""
    found = Customer.objects.filter(roles__user=user, roles__name=Role.OPERATOR).order_by("title", "name")
    return found.filter(pk=only) if (only := only_customer(user)) else found


def without_roles(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """The same customers. Where these are all of the site, a query with them need not look for roles: that took a third
    of the time of an overview of two thousand."""
    return Customer.objects.order_by("title", "name") if _are_all(customers) else customers


def open_deliveries_of(customers: QuerySet[Customer]) -> QuerySet[Delivery]:
    """Their deliveries that have not ended."""
    found = open_deliveries()
    return found if _are_all(customers) else found.filter(customer__in=customers)


def _are_all(customers: QuerySet[Customer]) -> bool:
    return customers.count() == Customer.objects.count()


def is_any_operator(user: User) -> bool:
    """Whether there is anything to oversee: a customer, or the adding of one."""
    return (user.is_superuser and not only_customer(user)) or operated_customers(user).exists()


def chosen_customers(customers: Iterable[Customer], name: str) -> list[Customer]:
    """The customer of that name, or all of them for "". Raises NotFound: also for one that is not among them."""
    found = [one for one in customers if name in ("", one.name)]
    if name and not found:
        raise NotFound("no-customer", name=name)
    return found


def deliveries(customers: Sequence[Customer], group: str = "", oldest: bool = False, number: int = 1) -> Page[Delivery]:
    """A page of their deliveries, the newest first unless `oldest`; all, or those `in_group`."""
    found = in_group(Delivery.objects.filter(customer__in=customers), group)
    number, pages, part = bounds(number, total := found.count(), _ON_A_PAGE)
    ids = list(found.order_by("pk" if oldest else "-pk").values_list("pk", flat=True)[part])  # of the index alone
    rows = {one.pk: one for one in with_questions(_with_names(Delivery.objects.filter(pk__in=ids)))}
    return Page([rows[one] for one in ids], number, pages, total)


def waiting_deliveries(customers: QuerySet[Customer]) -> list[WaitingDelivery]:
    """What waits for approval, the longest first; at most MOST_WAITING."""
    made = Plan.objects.filter(delivery=OuterRef("pk"), environment__name=Environment.LIVE, state=Plan.PLANNED)
    found = _with_names(open_deliveries_of(customers).filter(state__in=AWAITING_DECISION))
    since = Subquery(made.values("made_at")[:1])
    rows = found.annotate(since=since).order_by("pk")[:MOST_WAITING]
    return sorted((WaitingDelivery(one, one.since or one.received_at) for one in rows), key=lambda one: one.since)


def customer_summaries(customers: Sequence[Customer]) -> list[CustomerSummary]:
    """Each customer at a glance, in the order given."""
    ids = [one.pk for one in customers]
    undecided = Delivery.objects.filter(customer__in=ids, state__in=AWAITING_DECISION)
    waiting = dict(undecided.values_list("customer").annotate(amount=Count("pk")).order_by())
    latest = Delivery.objects.filter(customer=OuterRef("customer")).order_by("-number").values("received_at")[:1]
    ahead = ConnectionRun.objects.filter(
        connection__customer=OuterRef("customer"), connection__paused_at=None, due_at__gt=timezone.now()
    )
    live = Environment.objects.filter(customer__in=ids, name=Environment.LIVE).annotate(
        last=Subquery(latest), next=Subquery(ahead.order_by("due_at").values("due_at")[:1])
    )
    places = {one.customer_id: one for one in live}
    return [
        CustomerSummary(
            one,
            waiting=waiting.get(one.pk, 0),
            companies=place.companies,
            persons=place.persons,
            last=place.last,
            next=place.next,
        )
        for one in customers
        if (place := places.get(one.pk))
    ]


def _with_names(found: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return found.select_related("customer", "connection", "delivered_by")
