"""Deliveries go on in the order in which they came in, whatever the clocks of the nodes say (product.md D7)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from instroom.flow import delivery_document, find
from instroom.flow.connections import connections, runs
from instroom.flow.delivery import advance, decide, undo
from instroom.flow.delivery.file_dates import newest_of
from instroom.flow.delivery.same_file import is_same_as_last
from instroom.flow.delivery.standing import stands_back_since
from instroom.flow.queries import delivery_list, history, overview
from instroom.store.models import Delivery
from instroom.store.sql import records
from tests.contracts.connection_scenario import ConnectionScenario
from tests.contracts.customer import SampleCustomer, person

HOUR = 3600


@contextmanager
def node(seconds: float) -> Iterator[None]:
    """A node whose clock is so many seconds ahead."""
    now, nanoseconds = timezone.now, time.time_ns
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(timezone, "now", lambda: now() + timedelta(seconds=seconds))
        patched.setattr(time, "time_ns", lambda: nanoseconds() + int(seconds * 1e9))
        yield


def named(first: str) -> list[dict[str, str]]:
    return [person("1", first=first)]


def first_name(customer: SampleCustomer, environment: str = "training") -> str:
    return customer.snapshot(environment)["person", ("HR", "1")]["first_name"]


@given(clocks=st.lists(st.integers(-2 * HOUR, 2 * HOUR), min_size=2, max_size=3), worker=st.integers(-HOUR, HOUR))
@settings(
    max_examples=30 if settings.get_current_profile_name() == "thorough" else 2,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
def test_training_ends_with_what_came_last_whatever_the_clocks(clocks: list[int], worker: int) -> None:
    customer = SampleCustomer()
    for place, clock in enumerate(clocks):
        with node(clock):
            customer.receive(named(f"V{place}"))
    with node(worker):
        while advance.advance(customer.record):
            pass
    assert set(customer.record.deliveries.values_list("state", flat=True)) == {"awaiting-approval"}
    assert first_name(customer) == f"V{len(clocks) - 1}"


@pytest.mark.parametrize("ahead", [(HOUR, 0), (0, HOUR)])
def test_of_a_connection_the_file_that_came_last_supersedes_the_other(ahead: tuple[int, int]) -> None:
    customer = SampleCustomer()
    connections.add("hr", customer.record, by=find.user("operator"))
    with node(ahead[0]):
        older = customer.receive(named("Eerste"), "hr")
    with node(ahead[1]):
        newer = customer.receive(named("Tweede"), "hr")
    customer.carry_on(newer)
    older.refresh_from_db()
    assert (older.state, newer.state) == ("superseded", "awaiting-approval")
    assert first_name(customer) == "Tweede"
    customer.approve(newer)
    assert first_name(customer, "live") == "Tweede"


def test_everything_that_asks_which_is_newer_goes_by_arrival() -> None:
    scenario = ConnectionScenario()
    customer, connection, by = scenario.customer, scenario.connection, find.user("operator")
    arrived: list[Delivery] = []
    for place, clock in enumerate((HOUR, 0, -HOUR)):
        with node(clock):
            arrived.append(scenario.receive("2027-05-03T12:00", named(f"V{place}")))
    with node(-2 * HOUR):
        same = scenario.receive("2027-05-03T12:00", named("V2"))
    *_, newest = arrived
    expected = [same, *reversed(arrived)]
    seen = overview.matching(customer.record, overview.DeliveriesFilter(), by=by)
    assert list(seen) == expected
    assert overview.deliveries_before(seen, expected[1].pk) == expected[2:]
    listed = delivery_list.deliveries(customer.record, delivery_list.ListFilter(), by=by).items
    assert [one.delivery for one in listed] == expected
    assert delivery_document.deliveries(customer.record, 3) == expected[:3]
    assert newest_of(connection, [newest, same, *arrived]) == same
    Delivery.objects.filter(pk__in=[one.pk for one in arrived]).update(waits_for="", state="awaiting-approval")
    assert is_same_as_last(connection, same), "compared with another than the one before it"
    assert [one.number for one in arrived] == [1, 2, 3]


def test_an_undo_comes_after_what_came_before_it() -> None:
    customer = SampleCustomer()
    with node(HOUR):
        first = customer.import_(named("Eerste"))
        second = customer.receive(named("Tweede"))
    with node(-HOUR):
        one = undo.undo(first, by=find.user("approver"))
        advance.advance(customer.record)
    states = [Delivery.objects.values_list("state", flat=True).get(pk=each.pk) for each in (second, one)]
    assert states == ["awaiting-approval", "training"]
    assert undo.undos_of(first) == [one]
    assert one.number == 3


def test_the_plan_to_decide_on_is_the_one_that_is_not_outdated() -> None:
    """Also where the node that made it anew has a clock that is behind."""
    customer = SampleCustomer()
    with node(HOUR):
        slow, quick = customer.deliver(named("Traag")), customer.deliver(named("Snel"))
        customer.approve(quick)
    with node(-HOUR):
        assert customer.approve(slow).reason == "live-changed"
    plan = delivery_document.plan_of(slow, "live")
    assert plan is not None
    assert plan.state == "planned"
    assert delivery_document.documents([slow])[0]["live"]["persons"]["changed"] == 1
    decide.approve(slow, by=find.user("approver"), seen=plan.digest)


def test_what_was_decided_or_imported_later_is_later_on_any_clock(database_kind: str) -> None:
    customer, ahead = SampleCustomer(), HOUR if database_kind == "postgresql" else 0  # SQLite is on one machine
    hr = connections.add("hr", customer.record, by=find.user("operator"), standing=True)
    with node(ahead):
        approved = customer.import_(named("Eerste"), connection="hr")
    automatic = customer.deliver(named("Tweede"), connection="hr")
    assert (automatic.state, automatic.reason) == ("imported", "")
    dossier = records.load_by_keys(customer.environment().id.hex, "person", [("HR", "1")])["HR", "1"]
    past = history.history(customer.environment(), dossier, by=find.user("operator"))
    assert [entry.plan.delivery for entry in past] == [approved, automatic]
    undo.undo(automatic, by=find.user("approver"))
    hr.refresh_from_db()
    assert stands_back_since(hr), "corrected after the approval"


def test_a_node_whose_clock_is_ahead_does_nothing_before_its_time(database_kind: str) -> None:
    scenario, ahead = ConnectionScenario(), HOUR if database_kind == "postgresql" else 0
    soon = timezone.now() + timedelta(minutes=30)
    scenario.connection.runs.update(due_at=soon)
    waits = scenario.receive("2026-01-01T12:00", named("Nacht"))
    scheduled = scenario.customer.deliver(named("Later"))
    decide.approve(scheduled, by=find.user("approver"), at=soon)
    with node(ahead):
        runs.tick()
        scenario.customer.carry_on(scheduled)
    waits.refresh_from_db()
    assert (waits.waits_for, scheduled.state) == ("hour", "scheduled")
