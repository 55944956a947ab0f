"""What is agreed with a customer: who may approve, and when large files go to live (product.md D3, D4)."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.core.model import Policies
from instroom.flow import find, policies
from instroom.flow.delivery import decide
from instroom.store import models
from tests.contracts.customer import SampleCustomer, person

pytestmark = pytest.mark.on_sqlite_alone

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def agree(customer: SampleCustomer, **agreed: object) -> None:
    """Agree on policies with the customer."""
    customer.record.policies = agreed
    customer.record.save()


def clock(text: str) -> datetime:
    """A moment on the clock in Amsterdam."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


def test_the_nearest_that_says_something_is_right():  # E
    customer = SampleCustomer()
    agree(customer, on_error="skip", skip_limit_percent=30, blank="clear", approver_differs=True)
    agreed = {"skip_limit_percent": 40, "blank": "leave", "quiet_above": 5}
    models.Connection.objects.create(customer=customer.record, name="nacht", policies=agreed)
    alone = customer.receive([person("1")])
    assert alone.policies == Policies("clear", "skip", 30)._asdict()
    connected = customer.receive([person("1")], connection="nacht")
    assert connected.policies == Policies("leave", "skip", 40)._asdict()
    assert policies.approval_policies(connected) == policies.Approval(approver_differs=True, quiet_above=5)


def test_policies_of_others_do_not_disturb_the_check():
    customer = SampleCustomer()
    agree(customer, approver_differs=True, quiet_above=1, quiet_from="21:00", something="else")
    assert customer.deliver([person("1")]).state == "awaiting-approval"


def test_a_delivery_is_read_as_was_agreed_when_it_came_in():
    customer = SampleCustomer()
    customer.import_([person("1", job="Coach")])
    delivery = customer.deliver([person("1")])
    agree(customer, blank="clear")
    customer.import_([person("1", first="Bo")], blank="leave")
    assert customer.approve(delivery).state == "imported"
    assert customer.snapshot()["person", ("HR", "1")]["job_title"] == "Coach"


def operators(customer: SampleCustomer) -> tuple[str, str]:
    """Two people who may both deliver and approve."""
    for name in (f"{customer.name}-een", f"{customer.name}-twee"):
        user = models.User.objects.create(username=name)
        models.Role.objects.create(customer=customer.record, user=user, name="operator")
    return f"{customer.name}-een", f"{customer.name}-twee"


def test_where_supplier_and_approver_differ_another_must_approve():  # D3
    customer = SampleCustomer()
    one, other = operators(customer)
    delivery = customer.deliver([person("1")])
    models.Delivery.objects.filter(pk=delivery.pk).update(delivered_by=models.User.objects.get(username=one))
    delivery.refresh_from_db()
    agree(customer, approver_differs=True)
    delivery = models.Delivery.objects.get(pk=delivery.pk)
    with pytest.raises(NotAllowed) as told:
        decide.approve(delivery, by=find.user(one))
    assert "zelf aangeleverd" in told.value.sentence("nl")
    assert delivery.state == "awaiting-approval"
    decide.approve(delivery, by=find.user(other))
    assert delivery.state == "approved"


def test_by_default_who_delivered_may_approve():  # D3
    customer = SampleCustomer()
    delivery = customer.deliver([person("1")])
    models.Delivery.objects.filter(pk=delivery.pk).update(delivered_by=models.User.objects.get(username="operator"))
    delivery.refresh_from_db()
    decide.approve(delivery, by=find.user("operator"))
    assert delivery.state == "approved"


@pytest.mark.parametrize(
    ("now", "starts"),
    [
        ("2030-05-06T10:00", "2030-05-06T20:00"),
        ("2030-05-06T19:59", "2030-05-06T20:00"),
        ("2030-05-06T20:00", None),
        ("2030-05-06T23:59", None),
        ("2030-05-06T00:00", None),
        ("2030-05-06T05:59", None),
        ("2030-05-06T06:00", "2030-05-06T20:00"),
        ("2030-10-27T12:00", "2030-10-27T20:00"),  # the night before, the clock went back
    ],
)
def test_a_large_file_waits_for_the_quiet_hours(now: str, starts: str | None):  # D4
    customer = SampleCustomer()
    delivery = customer.receive([person("1")])
    expected = clock(starts) if starts else None
    assert policies.quiet_moment(delivery, 2001, clock(now)) == expected
    assert policies.quiet_moment(delivery, 2000, clock(now)) is None


def test_quiet_hours_are_agreed_on():  # D4
    customer = SampleCustomer()
    agree(customer, quiet_above=0, quiet_from="12:30", quiet_until="13:00")
    delivery = customer.receive([person("1")])
    assert policies.quiet_moment(delivery, 1, clock("2030-05-06T12:31")) is None
    assert policies.quiet_moment(delivery, 1, clock("2030-05-06T13:00")) == clock("2030-05-07T12:30")
    assert policies.next_quiet_hour(delivery, clock("2030-05-06T12:31")) == clock("2030-05-07T12:30")
    agree(customer, quiet_above=0, quiet_from="")
    delivery = customer.receive([person("1")])
    assert policies.quiet_moment(delivery, 1, clock("2030-05-06T13:00")) is None
    assert policies.next_quiet_hour(delivery) is None


def busy_customer() -> tuple[SampleCustomer, models.Delivery]:
    """A delivery that counts as large, in a customer that is quiet but for now."""
    customer = SampleCustomer()
    here = timezone.localtime()
    quiet = f"{(here.hour + 2) % 24:02}:00", f"{(here.hour + 3) % 24:02}:00"
    agree(customer, quiet_above=1, quiet_from=quiet[0], quiet_until=quiet[1])
    return customer, customer.deliver([person("1"), person("2")])


def test_without_another_wish_a_large_file_is_scheduled():  # D4
    customer, delivery = busy_customer()
    customer.approve(delivery)
    assert delivery.state == "scheduled"
    assert delivery.due_at == policies.next_quiet_hour(delivery)
    assert customer.snapshot() == {}


def test_a_person_may_have_a_large_file_imported_at_once():  # D4
    customer, delivery = busy_customer()
    decide.approve(delivery, by=find.user("approver"), at="now")
    assert customer.carry_on(delivery).state == "imported"
