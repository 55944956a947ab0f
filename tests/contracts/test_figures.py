"""An operator's figures, on made-up deliveries of known days; and the seconds that real steps leave behind."""

import random
import uuid
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from instroom.core.errors import NotFound
from instroom.flow import find
from instroom.flow.delivery import decide
from instroom.flow.delivery.states import OUTCOMES
from instroom.flow.queries import figures, operator_overview
from instroom.flow.queries.to_do.thing import Kind
from instroom.flow.queries.to_do.to_do_list import to_do_for
from instroom.store.ids import first_id_at
from instroom.store.models import Customer, Delivery, User
from instroom.store.states import State
from tests.contracts.customer import SampleCustomer, person


def delivered(
    customer: SampleCustomer, at: datetime, state: str = "imported", records: int | None = 1, **values: object
) -> Delivery:
    """A delivery that came in then; its id says so too."""
    counts = {} if records is None else {"records": records}
    pk = uuid.UUID(int=first_id_at(at).int | random.getrandbits(60))
    number = customer.record.deliveries.count() + 1
    facts = {"received_at": at, "counts": counts, "layout": "standard/1", **values}
    return Delivery.objects.create(id=pk, customer=customer.record, number=number, state=state, **facts)


def midnight(back: int) -> datetime:
    """The beginning of a day, so many days ago, on the clock of this site."""
    return timezone.make_aware(datetime.combine(timezone.localdate() - timedelta(days=back), time()))


def test_each_day_has_its_outcomes_and_records() -> None:
    one, other, third = SampleCustomer(), SampleCustomer(), SampleCustomer()
    delivered(one, midnight(0), "awaiting-approval", 5)
    delivered(one, midnight(1), "imported", 10)
    delivered(one, midnight(0) - timedelta(milliseconds=1), "undone", 20)
    delivered(other, midnight(1), "rejected", None)
    delivered(other, midnight(29), "superseded", 7)
    delivered(other, midnight(29) - timedelta(milliseconds=1), "failed", 100)
    delivered(third, midnight(1), "failed", 1000)
    days = figures.days([one.record, other.record])
    assert len(days) == figures.DAYS
    assert [day.date for day in days] == sorted(day.date for day in days)
    assert days[-1].date == timezone.localdate()
    nothing = dict.fromkeys(OUTCOMES, 0)
    assert (days[-1].outcomes, days[-1].records) == (nothing | {"open": 1}, 5)
    assert (days[-2].outcomes, days[-2].records) == (nothing | {"imported": 2, "rejected": 1}, 30)
    assert (days[0].outcomes, days[0].records) == (nothing | {"stopped": 1}, 7)
    assert sum(sum(day.outcomes.values()) for day in days) == 5


@pytest.mark.on_sqlite_alone
def test_without_customers_there_is_nothing() -> None:
    assert sum(day.records for day in figures.days([])) == 0
    assert figures.steps([]) == []


@pytest.mark.on_sqlite_alone
def test_every_state_has_an_outcome() -> None:
    assert sorted(state for group in OUTCOMES.values() for state in group) == sorted(State)


def test_median_and_95_of_100_are_those_of_the_nearest_rank() -> None:
    customer = SampleCustomer()
    for number in range(1, 21):
        delivered(customer, midnight(1), step_seconds={"checking": float(number)})
    delivered(customer, midnight(40), step_seconds={"checking": 1000.0})
    delivered(customer, midnight(1), step_seconds={})
    assert figures.steps([customer.record]) == [figures.StepTimes("checking", 20, 10.0, 19.0)]


@pytest.mark.on_sqlite_alone
def test_each_step_leaves_its_seconds_behind() -> None:
    customer = SampleCustomer()
    delivery = customer.receive([person("1")])
    assert delivery.step_seconds == {}
    delivery = customer.approve(customer.carry_on(delivery))
    assert sorted(delivery.step_seconds) == ["checking", "importing", "training"]
    assert all(0 < seconds < 600 for seconds in delivery.step_seconds.values())
    undone = customer.undo(delivery)
    delivery.refresh_from_db()
    assert sorted(undone.step_seconds) == ["importing", "training"]
    assert sorted(delivery.step_seconds) == ["checking", "importing", "training"]
    assert [step.deliveries for step in figures.steps([customer.record])] == [1, 2, 2]


def test_who_waits_longest_comes_first_and_waiting_begins_with_the_plan() -> None:
    customer, other = SampleCustomer(), SampleCustomer()
    first, second, gone = (customer.deliver([person(str(number))]) for number in range(3))
    decide.refuse(gone, "Te vroeg.", by=find.user("approver"))
    other.deliver([person("1")])
    plan = first.plans.get(environment__name="live")
    plan.made_at = timezone.now() + timedelta(hours=1)
    plan.save()
    found = operator_overview.waiting_deliveries(Customer.objects.filter(pk=customer.record.pk))
    assert [one.delivery for one in found] == [second, first]
    assert found[1].since == plan.made_at


def test_deliveries_of_all_customers_are_filtered_and_ordered() -> None:
    customers = [SampleCustomer(), SampleCustomer()]
    for number in range(60):
        delivered(customers[number % 2], midnight(20) + timedelta(hours=number), "imported" if number % 3 else "failed")
    both = [customer.record for customer in customers]
    page = operator_overview.deliveries(both)
    assert (page.total, page.pages, len(page.items)) == (60, 2, 50)
    newest = [one.received_at for one in page.items]
    assert newest == sorted(newest, reverse=True)
    oldest = [one.received_at for one in operator_overview.deliveries(both, "not-done", oldest=True).items]
    assert (len(oldest), oldest) == (20, sorted(oldest))
    one = operator_overview.deliveries(operator_overview.chosen_customers(both, customers[0].name))
    assert {delivery.customer_id for delivery in one.items} == {customers[0].record.pk}
    with pytest.raises(NotFound):
        operator_overview.chosen_customers(both, "nergens")


def test_each_customer_is_seen_at_a_glance() -> None:
    customer, empty = SampleCustomer(), SampleCustomer()
    customer.import_([person("1")])
    customer.deliver([person("2")])
    customer.receive([person("3")])
    standing, nothing = operator_overview.customer_summaries([customer.record, empty.record])
    assert (standing.waiting, standing.companies, standing.persons) == (1, 0, 1)
    assert standing.last is not None
    assert nothing == operator_overview.CustomerSummary(empty.record, 0, 0, 0, None)


def standing_still(customer: SampleCustomer) -> datetime | None:
    """Since when its work stands still."""
    found = to_do_for(Customer.objects.filter(pk=customer.record.pk))
    return next((thing.since for thing in found if thing.kind == Kind.STILL), None)


def test_a_customer_for_whom_no_step_is_taken_stands_out() -> None:
    """Such as one whose rows are broken: its deliveries are due, and each step of them breaks."""
    customer, now = SampleCustomer(), timezone.now()
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    for since, facts in (
        (now - minute, {"state": "received"}),
        (now - 9 * hour, {"state": "received", "waits_for": "hour"}),
        (now - 9 * hour, {"state": "checking", "try_again_at": now}),
        (now - 9 * hour, {"state": "awaiting-approval"}),
        (now - 9 * hour, {"state": "scheduled", "due_at": now + hour}),
    ):
        delivered(customer, now, records=1, changed_at=since, **facts)
    assert standing_still(customer) is None
    for since, facts in (
        (now - 2 * hour, {"state": "training"}),
        (now - 3 * hour, {"state": "scheduled", "due_at": now - 2 * hour}),
    ):
        delivered(customer, now, records=1, changed_at=since, **facts)
        assert standing_still(customer) == since


def test_an_operator_oversees_what_is_theirs() -> None:
    customer, other = SampleCustomer(), SampleCustomer()
    operator, supplier = (User.objects.get(username=name) for name in ("operator", "supplier"))
    operator.roles.filter(customer=other.record).delete()
    assert list(operator_overview.operated_customers(operator)) == [customer.record]
    assert list(operator_overview.operated_customers(supplier)) == []
    assert (operator_overview.is_any_operator(operator), operator_overview.is_any_operator(supplier)) == (True, False)
    assert Customer.objects.count() == 2
