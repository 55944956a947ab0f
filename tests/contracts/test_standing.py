"""Standing approval (E3): what goes to live by itself, what is held and why, and that nothing falls through."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from instroom.flow import find
from instroom.flow.connections import connections
from instroom.flow.delivery import decide, undo
from instroom.store.models import AuditEntry, Connection, Delivery, Mail, User
from tests.contracts.customer import Row, SampleCustomer, company, person

pytestmark = pytest.mark.on_sqlite_alone

STAFF = [person(str(number)) | company("1", name="Een BV") for number in range(1, 41)]


def with_jobs(count: int) -> list[Row]:
    """The staff, of whom so many have another job."""
    return [{**row, "job": "Coach"} if place < count else row for place, row in enumerate(STAFF)]


def without_company(count: int) -> list[Row]:
    """The staff, of whom so many have a blank company block: each of these would be unlinked (B2)."""
    blank = {"c": "", "cs": "", "name": ""}
    return [{**row, **blank} if place < count else row for place, row in enumerate(STAFF)]


def with_faults(count: int) -> list[Row]:
    """The staff, of whom so many have a date of birth that is none."""
    return [{**row, "born": "31-02-1980"} if place < count else row for place, row in enumerate(STAFF)]


def elsewhere(count: int) -> list[Row]:
    """The staff, of whom so many go to another company that exists."""
    return [{**row, **company("2", name="Twee BV")} if place < count else row for place, row in enumerate(STAFF)]


def joined(count: int) -> list[Row]:
    """So many come in service."""
    return [*STAFF, *(person(f"n{number}") | company("1", name="Een BV") for number in range(count))]


Make = Callable[[int], list[Row]]
# guard, the file, the most of it that is within the guard, and more than that
CASES: list[tuple[str, Make, int, int]] = [
    ("created", joined, 10, 11),  # of 51 dossiers: 10 are 19.6 %, of 52: 11 are 21.2 %
    ("changed", with_jobs, 12, 13),  # of 41: 29.3 and 31.7 %
    ("changed", elsewhere, 12, 13),  # of 42: 28.6 and 31.0 %
    ("unlinked", without_company, 2, 3),  # of 40: 5 and 7.5 %
    ("left_out", with_faults, 2, 3),  # of 40
    ("fewer", lambda count: STAFF[count:], 4, 5),  # of 40: 10 and 12.5 %
    ("unlinked", without_company, 2, 40),  # an empty company block on every record
    ("fewer", lambda count: STAFF[:-count], 4, 20),  # half the records of last time
]


@pytest.fixture
def customer() -> SampleCustomer:
    """A customer with a connection that stands, of which one delivery was approved by a person."""
    customer = SampleCustomer()
    for name in ("supplier", "operator", "approver"):
        User.objects.filter(username=name).update(email=f"{name}@voorbeeld.example")
    rules = {"on_error": "skip", "skip_limit_percent": 50}
    connections.add("nacht", customer.record, by=find.user("operator"), standing=True, policies=rules)
    customer.import_([company("2", name="Twee BV")])
    customer.import_(STAFF, connection="nacht")
    Mail.objects.all().delete()
    return customer


def deliver(customer: SampleCustomer, rows: list[Row], **policies: Any) -> Delivery:
    """Deliver on the connection, and carry on as far as it goes."""
    return customer.deliver(rows, connection="nacht", **policies)


@pytest.mark.parametrize(("guard", "make", "within", "beyond"), CASES)
def test_each_guard_lets_pass_and_holds(
    customer: SampleCustomer, guard: str, make: Make, within: int, beyond: int
) -> None:
    held = deliver(customer, make(beyond))
    before = customer.snapshot()
    assert (held.state, held.reason) == ("held", "guards")
    assert [facts["guard"] for facts in held.exceeded] == [guard]
    assert held.exceeded[0]["number"] == beyond
    assert customer.snapshot() == before, "live has not been touched"
    passed = deliver(customer, make(within))
    assert (passed.state, passed.exceeded) == ("imported", [])
    held.refresh_from_db()
    assert held.state == "superseded"  # D7


def test_what_went_by_itself_says_by_which_approval(customer: SampleCustomer) -> None:
    delivery = deliver(customer, with_jobs(1))
    assert (delivery.state, delivery.automatic, delivery.decided_by) == ("imported", True, None)
    entry = AuditEntry.objects.get(delivery=delivery, action="auto-approved")
    assert (entry.facts["connection"], entry.facts["standing_by"]) == ("nacht", "operator")
    assert entry.facts["since"] == Connection.objects.get().standing_since.isoformat()
    assert list(Mail.objects.values_list("kind", "to")) == [("imported", "supplier@voorbeeld.example")]


def test_who_is_told_that_it_is_held_and_why(customer: SampleCustomer) -> None:
    deliver(customer, STAFF[20:])
    mails = Mail.objects.filter(kind="held").order_by("to")
    assert [mail.to.partition("@")[0] for mail in mails] == ["approver", "operator", "supplier"]
    assert "Regels: 20, de vorige keer 40. Dat zijn er 20 minder (50 %)" in mails[0].text


def test_a_person_approves_or_refuses_what_is_held(customer: SampleCustomer) -> None:
    held = deliver(customer, STAFF[20:])
    decide.approve(held, by=find.user("approver"))
    assert customer.carry_on(held).state == "imported"
    assert (held.decided_by.username, held.automatic) == ("approver", False)
    again = deliver(customer, without_company(40))
    decide.refuse(again, "het blok is leeg", by=find.user("approver"))
    assert again.state == "refused"
    assert deliver(customer, STAFF[20:]).state == "imported", "compared with the last one that came in live"


def test_a_truncated_file_is_held_or_rejected(customer: SampleCustomer, tmp_path: Any) -> None:
    """Wherever it is cut."""
    from tests.contracts.customer import write_csv

    whole = write_csv(tmp_path / "heel.csv", STAFF).read_bytes()
    for share in (0.3, 0.5, 0.8):
        path = tmp_path / f"{share}.csv"
        path.write_bytes(whole[: int(len(whole) * share)])
        delivery = customer.deliver(path, connection="nacht")
        assert delivery.state in ("held", "rejected"), share


def ended(connection: Connection) -> None:
    """The standing approval is taken back."""
    connections.change(connection, by=find.user("operator"), standing=False)


def test_without_a_standing_approval_a_person_decides(customer: SampleCustomer) -> None:
    ended(Connection.objects.get())
    assert deliver(customer, with_jobs(1)).state == "awaiting-approval"


def test_the_first_one_is_a_persons() -> None:
    customer = SampleCustomer()
    connections.add("nacht", customer.record, by=find.user("operator"), standing=True, guards={"created": [100, 20000]})
    first = customer.deliver(STAFF, connection="nacht")
    assert first.state == "awaiting-approval"
    assert customer.approve(first).state == "imported"
    assert customer.deliver(with_jobs(1), connection="nacht").state == "imported"


def test_where_the_approved_one_was_undone_a_person_decides() -> None:
    customer = SampleCustomer()
    connections.add("nacht", customer.record, by=find.user("operator"), standing=True, guards={"created": [100, 20000]})
    customer.undo(customer.import_(STAFF, connection="nacht"))
    assert customer.deliver(STAFF[1:], connection="nacht").state == "awaiting-approval"


def test_an_undo_is_a_persons(customer: SampleCustomer) -> None:
    delivery = deliver(customer, with_jobs(1))
    assert customer.carry_on(undo.undo(delivery, by=find.user("approver"))).state == "awaiting-approval"


def test_who_asks_other_policies_by_hand_waits_for_a_person(customer: SampleCustomer) -> None:
    assert deliver(customer, with_jobs(1), blank="clear").state == "awaiting-approval"


def quiet_later(customer: SampleCustomer) -> Connection:
    """Every file waits for the quiet hours, which are not now."""
    here, connection = timezone.localtime(), Connection.objects.get()
    hours = [f"{(here + timedelta(hours=ahead)):%H}:00" for ahead in (2, 3)]
    rules = {**connection.policies, "quiet_above": 0, "quiet_from": hours[0], "quiet_until": hours[1]}
    connections.change(connection, by=find.user("operator"), policies=rules)
    return connection


def its_hour_comes(delivery: Delivery) -> None:
    """The quiet hours begin."""
    Delivery.objects.filter(pk=delivery.pk).update(due_at=timezone.now())


def test_a_large_one_waits_for_the_quiet_hours(customer: SampleCustomer) -> None:
    quiet_later(customer)
    delivery = deliver(customer, with_jobs(1))
    assert (delivery.state, delivery.automatic) == ("scheduled", True)
    assert customer.snapshot()["person", ("HR", "1")].get("job_title") is None
    its_hour_comes(delivery)
    assert customer.carry_on(delivery).state == "imported"


def test_what_is_scheduled_when_the_standing_approval_ends_goes_to_a_person(customer: SampleCustomer) -> None:
    connection = quiet_later(customer)
    delivery = deliver(customer, with_jobs(2))
    ended(connection)
    its_hour_comes(delivery)
    assert (customer.carry_on(delivery).state, delivery.reason) == ("awaiting-approval", "standing-ended")
    assert delivery.automatic is False
    decide.approve(delivery, by=find.user("approver"), at="now")
    assert customer.carry_on(delivery).state == "imported"


def test_where_live_changed_a_person_decides(customer: SampleCustomer) -> None:
    quiet_later(customer)
    delivery = deliver(customer, with_jobs(2))
    assert delivery.state == "scheduled"
    customer.import_([{**STAFF[0], "job": "Bakker"}])
    its_hour_comes(delivery)
    assert (customer.carry_on(delivery).state, delivery.reason) == ("awaiting-approval", "live-changed")
