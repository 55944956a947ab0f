"""Deliveries side by side: what a customer's people see when they come in, and what programs list."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from instroom.core.keys import file_key
from instroom.flow.acting import only_customer
from instroom.flow.audit import SIGHTS
from instroom.flow.comments import with_questions
from instroom.flow.delivery.states import AT_WORK, AWAITING_DECISION
from instroom.flow.source_limits import sources_for, visible
from instroom.store.models import AuditEntry, Connection, Customer, Delivery, Environment, User
from instroom.store.sql.dossier_counts import count_dossiers_of

_ON_A_PAGE = 50
_RECENT = 5


class Overview(NamedTuple):
    """A customer at a glance."""

    waiting: list[Delivery]
    """For approval, the longest first."""
    recent: list[Delivery]
    environments: list[Environment]
    """Live and training, with how many dossiers each has."""


def overview(customer: Customer, *, by: User) -> Overview:
    """What there is to do and what came in last, as far as they may see it."""
    own = _deliveries(customer, by)
    return Overview(
        list(with_questions(own.filter(state__in=AWAITING_DECISION)).order_by("number")[:_ON_A_PAGE]),
        list(with_questions(own).order_by("-number")[:_RECENT]),
        [counted_for(one, by=by) for one in Environment.objects.filter(customer=customer).order_by("name")],
    )


def counted_for(environment: Environment, *, by: User) -> Environment:
    """With the numbers of the dossiers that somebody may see. Not to be saved."""
    sources = sources_for(by, "read", environment.customer)
    if sources is not None:
        counts = count_dossiers_of(environment, sources)
        environment.companies, environment.persons = counts["company"], counts["person"]
    return environment


class DeliveriesFilter(NamedTuple):
    """Which deliveries of a customer a program asks for."""

    state: str = ""
    connections: Sequence[Connection] = ()
    """Those of one name; none: of all."""
    file: str = ""
    """The name of the file, in any way of writing it."""
    since: datetime | None = None
    """What came to its state after this moment."""


def matching(customer: Customer, wanted: DeliveriesFilter, *, by: User) -> QuerySet[Delivery]:
    """A customer's deliveries of this kind that somebody may see, the newest first."""
    found = _deliveries(customer, by).order_by("-number")
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.connections:
        found = found.filter(connection__in=wanted.connections)
    if wanted.file:
        found = found.filter(file_name_key=file_key(wanted.file))
    if wanted.since:
        found = found.filter(changed_at__gt=wanted.since)
    return found


def deliveries_before(found: QuerySet[Delivery], before: UUID | None = None, most: int = 50) -> list[Delivery]:
    """At most so many of what was found, older than one."""
    older = found.filter(number__lt=Delivery.objects.filter(pk=before).values("number")) if before else found
    return list(older.select_related("customer", "connection")[:most])


def rests(delivery: Delivery) -> bool:
    """Whether we are not at work on it now: it has ended, or waits for a person or a time."""
    now = Delivery.objects.filter(pk=delivery.pk).values_list("state", "waits_for", "try_again_at").get()
    return now[0] not in AT_WORK or bool(now[1] or now[2])


def state_now(delivery: Delivery) -> str:
    """Its state in the database, which may have moved on."""
    return Delivery.objects.filter(pk=delivery.pk).values_list("state", flat=True).get()


def customers_of(user: User) -> QuerySet[Customer]:
    """The customers that a user has a role for, by title."""
    found = Customer.objects.filter(roles__user=user).distinct().order_by("title")
    return found.filter(pk=only) if (only := only_customer(user)) else found


def events(delivery: Delivery) -> list[AuditEntry]:
    """What was done with a delivery, when and by whom, in order."""
    entries = AuditEntry.objects.filter(delivery=delivery).exclude(action__in=SIGHTS)
    return list(entries.select_related("user").order_by("number"))


def _deliveries(customer: Customer, by: User) -> QuerySet[Delivery]:
    found = Delivery.objects.filter(customer=customer).select_related("delivered_by", "connection", "undoes")
    return visible(found, customer, by)
