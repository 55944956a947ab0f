"""Workers as processes: each takes the customers that no other is at, and one that hangs keeps up its own customer
alone (product.md G1)."""

import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from tests.contracts.customer import SampleCustomer, person
from tests.doors.worker.worker_processes import LARGE, Worker, caught, pause
from tests.waiting import until

from instroom.store.models import AuditEntry, Delivery, Lease, Plan

pytestmark = pytest.mark.on_postgresql


def all_await_approval(*deliveries: Delivery) -> bool:
    """Whether these deliveries have had all their steps."""
    found = Delivery.objects.filter(pk__in=[one.pk for one in deliveries])
    return set(found.values_list("state", "failures")) == {("awaiting-approval", 0)}


@pytest.mark.parametrize(
    ("state", "waits"),
    [("training", False), *(pytest.param(one, True, marks=pytest.mark.slow) for one in ("checking", "training"))],
)
def test_a_worker_that_hangs_keeps_up_its_own_customer_alone(
    state: str, waits: bool, start: Callable[..., Worker]
) -> None:
    workers = [start(), start()]
    hanging, delivery = caught(workers, state)
    others = [SampleCustomer().receive([person("1")]) for _ in range(3)]
    until(lambda: all_await_approval(*others))
    delivery.refresh_from_db()
    assert delivery.state == state
    if not waits:  # as if it had given no sign of life for its time
        Lease.objects.filter(subject=delivery.customer_id).update(until=Now() - timedelta(seconds=1))
    until(lambda: all_await_approval(delivery), seconds=90)
    (other,) = [one for one in workers if one is not hanging]
    assert other.ended(signal.SIGTERM) == 0
    hanging.send(signal.SIGCONT)  # it goes on where it was, and is refused
    next_one = SampleCustomer.of(delivery.customer).receive([person("new")])
    until(lambda: all_await_approval(next_one))
    assert hanging.ended(signal.SIGTERM) == 0
    assert all_await_approval(delivery)
    assert Counter(delivery.audit.values_list("action", flat=True))["trained"] == 1
    assert Counter(delivery.plans.values_list("environment__name", "state")) == {
        ("training", Plan.IMPORTED): 1, ("live", Plan.PLANNED): 1,
    }  # fmt: skip
    assert len(SampleCustomer.of(delivery.customer).snapshot("training")) == LARGE + 1


@pytest.mark.parametrize(
    ("many", "others"), [(6, 6), pytest.param(300, 50, marks=pytest.mark.slow)], ids=["few", "many"]
)
def test_two_workers_share_the_work_wait_for_no_lock_and_give_each_customer_its_turn(
    many: int, others: int, start: Callable[..., Worker]
) -> None:
    workers = [start(), start()]
    before = [SampleCustomer().receive([person("1")]) for _ in workers]
    until(lambda: all_await_approval(*before))
    pause(*workers)  # so that all is due at one moment
    hog = SampleCustomer()
    for number in range(many):
        hog.receive([person(str(one), first=f"V{number}") for one in range(5)])
    small = [SampleCustomer() for _ in range(others)]
    for customer in small:
        customer.receive([person(str(one)) for one in range(5)])
    for one in workers:
        one.send(signal.SIGCONT)
    turns, waits = Counter[int](), Counter[object]()
    while Delivery.objects.exclude(state="awaiting-approval").exists():
        waits.update(statements_waiting_for_a_lock())
        turns.update(number for number, one in enumerate(workers) for _ in one.subjects())
        time.sleep(0.01)  # the workers need the processor; each of their steps takes longer
    assert max(waits.values(), default=0) <= 1  # two that add to the site's sums: a moment, and never a step
    assert turns[0] and turns[1]
    trained = AuditEntry.objects.filter(action="trained", customer__in=[hog.record, *(one.record for one in small)])
    in_order = list(trained.order_by("at").values_list("customer", flat=True))
    assert Counter(in_order) == {hog.record.pk: many, **{one.record.pk: 1 for one in small}}
    last = max(place for place, customer in enumerate(in_order) if customer != hog.record.pk)
    assert in_order[:last].count(hog.record.pk) <= 1 + len(workers)
    assert {one["first_name"] for one in hog.snapshot("training").values()} == {f"V{many - 1}"}


def statements_waiting_for_a_lock() -> list[object]:
    """Those that wait at the database in this moment; of SQLite nobody can tell."""
    if connection.vendor == "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid, query_start FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return list(cursor.fetchall())
