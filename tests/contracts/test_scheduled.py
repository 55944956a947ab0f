"""A scheduled approval is moved or taken back until it runs (product.md D3, D4)."""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.flow import find
from instroom.flow.delivery import decide, release, scheduled
from instroom.flow.delivery.receive import receive
from instroom.store.leases import held
from instroom.store.models import AuditEntry, Connection, Delivery, Mail, User
from tests.contracts.customer import SampleCustomer, person, write_csv

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise


@pytest.fixture
def customer() -> SampleCustomer:
    """With a delivery that `waiting` gives."""
    return SampleCustomer()


def in_a_day() -> datetime:
    return timezone.now() + timedelta(days=1)


def waiting(customer: SampleCustomer, connection: str | None = None) -> Delivery:
    """Approved for tomorrow."""
    delivery = customer.deliver([person("1")], connection=connection)
    decide.approve(delivery, by=find.user("approver"), at=in_a_day())
    assert delivery.state == "scheduled"
    return delivery


def its_hour_comes(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(due_at=timezone.now())


def test_it_gets_another_moment_and_runs_then(customer: SampleCustomer) -> None:
    delivery, later = waiting(customer), in_a_day() + timedelta(days=2)
    scheduled.reschedule(delivery, later, by=find.user("operator"))
    assert (delivery.state, delivery.due_at, delivery.decided_by) == ("scheduled", later, find.user("operator"))
    assert customer.carry_on(delivery).state == "scheduled"
    its_hour_comes(delivery)
    assert customer.carry_on(delivery).state == "imported"
    entry = AuditEntry.objects.get(delivery=delivery, action="rescheduled")
    assert (entry.user, entry.facts["at"]) == (find.user("operator"), later.isoformat())


def test_nobody_moves_what_live_has_moved_past(customer: SampleCustomer) -> None:
    delivery = waiting(customer)
    seen = delivery.approved_digest
    customer.import_([person("2")])
    scheduled.reschedule(delivery, in_a_day(), by=find.user("operator"), seen=seen)  # the plan stays the same
    customer.import_([person("1", first="Bob")])
    with pytest.raises(NotAllowed) as told:
        scheduled.reschedule(delivery, in_a_day(), by=find.user("approver"), seen=seen)
    assert told.value.code == "scheduled-plan-outdated"
    assert (delivery.state, delivery.decided_by) == ("scheduled", find.user("operator"))


def test_it_runs_at_once_where_an_approver_says_so(customer: SampleCustomer) -> None:
    delivery = waiting(customer)
    scheduled.reschedule(delivery, "now", by=find.user("approver"))
    assert (delivery.state, delivery.due_at) == ("approved", None)
    assert customer.carry_on(delivery).state == "imported"


def test_what_is_taken_back_awaits_approval_and_the_approvers_are_told(customer: SampleCustomer) -> None:
    delivery = waiting(customer)
    Mail.objects.all().delete()
    User.objects.filter(username="approver").update(email="approver@voorbeeld.example")
    scheduled.unapprove(delivery, "Wacht nog.", by=find.user("operator"))
    assert (delivery.state, delivery.reason, delivery.due_at) == ("awaiting-approval", "unapproved", None)
    assert (delivery.decided_by, delivery.approved_digest) == (None, "")
    assert AuditEntry.objects.filter(delivery=delivery, action="unapproved", user=find.user("operator")).exists()
    [why] = delivery.comments.all()
    assert (why.text, why.user, why.asks) == ("Wacht nog.", find.user("operator"), False)
    assert [mail.kind for mail in Mail.objects.filter(delivery=delivery)] == ["unapproved"]
    assert customer.carry_on(delivery).state == "awaiting-approval"
    assert customer.snapshot() == {}
    assert customer.approve(delivery).state == "imported"


def test_taking_back_takes_a_reason(customer: SampleCustomer) -> None:
    delivery = waiting(customer)
    with pytest.raises(NotAllowed) as told:
        scheduled.unapprove(delivery, " ", by=find.user("approver"))
    assert told.value.code == "unapproval-without-reason"
    assert Delivery.objects.get(pk=delivery.pk).state == "scheduled"


def test_what_was_held_is_held_again(customer: SampleCustomer) -> None:
    rows = [person(str(number)) for number in range(3)]
    delivery = customer.deliver(rows)
    with (tmp := tempfile.TemporaryDirectory()):
        file = write_csv(Path(tmp.name) / "personen.csv", rows[:1])
        less = receive(file, customer.record, by=find.user("supplier"), corrects=delivery)
    customer.carry_on(less)
    assert (less.state, less.reason) == ("held", "fewer-than-before")
    decide.approve(less, by=find.user("approver"), at=in_a_day())
    Mail.objects.all().delete()
    User.objects.filter(username="approver").update(email="approver@voorbeeld.example")
    scheduled.unapprove(less, "Toch niet.", by=find.user("approver"))
    assert (less.state, less.reason) == ("held", "unapproved")
    assert [mail.kind for mail in Mail.objects.filter(delivery=less)] == ["unapproved"]
    assert customer.approve(less).state == "imported"


def test_a_standing_approval_stands_back_until_a_person_approves(customer: SampleCustomer) -> None:
    Connection.objects.create(customer=customer.record, name="nacht")
    delivery = waiting(customer, connection="nacht")
    scheduled.unapprove(delivery, "Wacht nog.", by=find.user("approver"))
    assert Connection.objects.get(customer=customer.record).corrected_at is not None


def test_who_moves_what_was_approved_automatically_has_approved_it(customer: SampleCustomer) -> None:
    delivery = waiting(customer, connection=Connection.objects.create(customer=customer.record, name="nacht").name)
    Delivery.objects.filter(pk=delivery.pk).update(automatic=True, decided_by=None)
    delivery.refresh_from_db()
    scheduled.reschedule(delivery, in_a_day(), by=find.user("approver"))
    assert (delivery.automatic, delivery.decided_by) == (False, find.user("approver"))
    its_hour_comes(delivery)
    assert customer.carry_on(delivery).state == "imported"  # though no standing approval is there


def test_who_delivered_may_take_it_back_and_not_move_it(customer: SampleCustomer) -> None:
    delivery = waiting(customer)
    Delivery.objects.filter(pk=delivery.pk).update(delivered_by=find.user("operator"))
    type(customer.record).objects.filter(pk=customer.record.pk).update(policies={"approver_differs": True})
    delivery = Delivery.objects.get(pk=delivery.pk)
    with pytest.raises(NotAllowed):
        scheduled.reschedule(delivery, "now", by=find.user("operator"))
    scheduled.unapprove(delivery, "Wacht nog.", by=find.user("operator"))
    assert delivery.state == "awaiting-approval"


def test_only_the_plan_that_was_seen_is_moved(customer: SampleCustomer) -> None:
    delivery = waiting(customer)
    with pytest.raises(NotAllowed):
        scheduled.reschedule(delivery, "now", by=find.user("approver"), seen="0" * 64)
    assert Delivery.objects.get(pk=delivery.pk).state == "scheduled"


def test_only_what_is_scheduled_can_be_changed(customer: SampleCustomer) -> None:
    delivery, by = customer.deliver([person("1")]), find.user("approver")
    for act in (
        lambda: scheduled.unapprove(delivery, "Wacht nog.", by=by),
        lambda: scheduled.reschedule(delivery, "now", by=by),
    ):
        with pytest.raises(NotAllowed) as told:
            act()
        assert "wacht op akkoord" in told.value.sentence("nl")


@pytest.mark.on_postgresql
def test_of_two_approvers_at_once_one_is_told_who_was_first(customer: SampleCustomer) -> None:
    delivery = waiting(customer)
    same, third = Delivery.objects.get(pk=delivery.pk), Delivery.objects.get(pk=delivery.pk)
    scheduled.reschedule(delivery, in_a_day(), by=find.user("operator"))
    with pytest.raises(NotAllowed) as told:
        scheduled.unapprove(same, "Wacht nog.", by=find.user("approver"))
    assert "operator has already chosen another time" in told.value.sentence("en")
    scheduled.unapprove(delivery, "Wacht nog.", by=find.user("approver"))
    with pytest.raises(NotAllowed) as told:
        scheduled.reschedule(third, "now", by=find.user("operator"))
    assert "can be moved or taken back" in told.value.sentence("en")
    assert Delivery.objects.get(pk=delivery.pk).state == "awaiting-approval"


@pytest.mark.on_postgresql
@pytest.mark.parametrize("act", ["moved", "taken back"])
def test_the_worker_leaves_alone_what_an_approver_changed_after_it_looked(customer: SampleCustomer, act: str) -> None:
    delivery = waiting(customer)
    its_hour_comes(delivery)
    seen_by_the_worker = Delivery.objects.select_related("customer").get(pk=delivery.pk)
    delivery.refresh_from_db()
    if act == "moved":
        scheduled.reschedule(delivery, in_a_day(), by=find.user("approver"))
    else:
        scheduled.unapprove(delivery, "Wacht nog.", by=find.user("approver"))
    with held(delivery.customer_id) as lease:
        release.release(seen_by_the_worker, lease)
    stored = Delivery.objects.get(pk=delivery.pk)
    assert (stored.state, stored.failures) == ({"moved": "scheduled"}.get(act, "awaiting-approval"), 0)
    assert customer.snapshot() == {}


def test_what_the_worker_has_begun_can_no_longer_be_changed(customer: SampleCustomer) -> None:
    delivery = waiting(customer)
    its_hour_comes(delivery)
    read = Delivery.objects.get(pk=delivery.pk)
    customer.carry_on(delivery)
    for one in (read, delivery):
        with pytest.raises(NotAllowed):
            scheduled.unapprove(one, "Wacht nog.", by=find.user("approver"))
    assert Delivery.objects.get(pk=delivery.pk).state == "imported"
