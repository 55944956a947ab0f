"""Of deliveries: what a person has to decide, look at, or have tried again, and what stands still."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from instroom.flow.delivery.states import AT_WORK
from instroom.flow.queries.operator_overview import open_deliveries_of
from instroom.flow.queries.to_do.thing import LONG, MOST, WHOSE, Kind, Thing, Whose, path_of
from instroom.store.models import AskedReport, Customer, Delivery
from instroom.store.states import State

DECIDED_WITHIN: Final = timedelta(days=2)
"""For so long an approver may think."""
_KEPT_IN_SIGHT: Final = timedelta(days=30)
"""For so long a failed file that was delivered by hand is asked about."""
_WAITS: Final = {"name": Kind.OTHER_NAME, "date": Kind.OLDER_DATE}


def of_deliveries(customers: QuerySet[Customer], now: datetime) -> Iterator[Thing]:
    opened = open_deliveries_of(customers)
    yield from _for_a_person(opened, now)
    yield from _failed(customers, now)
    yield from _still(opened, now)
    yield from _reports(customers)


def _due_but_still(now: datetime) -> Q:
    """Deliveries that have long been due, of which no step is taken: no worker runs, or each step breaks."""
    long_ago = now - LONG
    due = Q(state__in=AT_WORK, waits_for="", changed_at__lt=long_ago) | Q(state=State.SCHEDULED, due_at__lt=long_ago)
    return due & Q(try_again_at=None)


def _for_a_person(opened: QuerySet[Delivery], now: datetime) -> Iterator[Thing]:
    undecided = Q(state=State.AWAITING_APPROVAL, changed_at__lt=now - DECIDED_WITHIN)
    waits = Q(state=State.RECEIVED, waits_for__in=tuple(_WAITS))
    states = (State.HELD, State.AWAITING_APPROVAL, State.RECEIVED)  # said apart, for the index
    found = opened.filter(Q(state=State.HELD) | undecided | waits, state__in=states)
    for pk, file, state, waits_for, since, *whose in found.values_list(
        "pk", "file_name", "state", "waits_for", "changed_at", *WHOSE
    )[:MOST]:
        kind = _WAITS.get(waits_for) or (Kind.HELD if state == State.HELD else Kind.UNDECIDED)
        page = () if waits_for else ("plan",)
        customer = Whose(*whose)
        yield Thing(kind, customer, file, since, path_of(customer.name, "deliveries", pk, *page), {})


def _failed(customers: QuerySet[Customer], now: datetime) -> Iterator[Thing]:
    """Delivered by hand, or an undo: `connections` has those of connections."""
    newer = Delivery.objects.filter(
        customer=OuterRef("customer"), number__gt=OuterRef("number"), kind=OuterRef("kind"),
        file_name_key=OuterRef("file_name_key"),
    )  # fmt: skip
    found = Delivery.objects.filter(
        Q(connection=None) | Q(kind=Delivery.UNDO), ~Exists(newer), customer__in=customers, state=State.FAILED,
    )  # fmt: skip
    rows = list(found.values_list("pk", "file_name", "changed_at", *WHOSE)[:MOST])
    ids = [pk for pk, *_ in rows]
    corrected = set(Delivery.objects.filter(corrects__in=ids).values_list("corrects", flat=True)) if ids else set()
    for pk, file, since, *whose in rows:
        # a few; in the query it would lead away from the index of states
        if pk not in corrected and since > now - _KEPT_IN_SIGHT:
            customer = Whose(*whose)
            yield Thing(Kind.FAILED, customer, file, since, path_of(customer.name, "deliveries", pk), {})


def _still(opened: QuerySet[Delivery], now: datetime) -> Iterator[Thing]:
    due = _due_but_still(now)
    busy = opened.filter(state__in=(*AT_WORK, State.SCHEDULED))
    each = {"since": Min("changed_at", filter=due), "amount": Count("pk", filter=due)}
    for name, title, since, amount in busy.values_list(*WHOSE).annotate(**each).order_by():
        if since:
            path = path_of(name, "deliveries?group=under-way")
            yield Thing(Kind.STILL, Whose(name, title), "", since, path, {"deliveries": amount})


def _reports(customers: QuerySet[Customer]) -> Iterator[Thing]:
    given_up = AskedReport.objects.filter(given_up_at__isnull=False).order_by("-given_up_at")  # gone after a day
    since = dict(given_up.values_list("delivery", "given_up_at")[:MOST])
    found = Delivery.objects.filter(pk__in=since, customer__in=customers) if since else Delivery.objects.none()
    for pk, file, *whose in found.values_list("pk", "file_name", *WHOSE):
        customer = Whose(*whose)
        yield Thing(Kind.REPORT_GIVEN_UP, customer, file, since[pk], path_of(customer.name, "deliveries", pk), {})
