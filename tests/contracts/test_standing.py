"""Standing approval (E3): what goes to live by itself, what is held and why, and that nothing falls through."""

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pytest
from django.utils import timezone

from instroom.core.model import Policies
from instroom.flow import find
from instroom.flow.connections import connections
from instroom.flow.connections.connection_state import connection_status, document
from instroom.flow.delivery import decide, undo
from instroom.flow.delivery.receive import receive
from instroom.store.models import AuditEntry, Connection, Customer, Delivery, Mail, User
from tests.contracts.customer import Row, SampleCustomer, company, person, write_csv
from tests.database import Kept

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
    ("unlinked", without_company, 2, 3),  # of 40: 5 and 7.5 %
    ("left_out", with_faults, 2, 3),  # of 40
    ("fewer", lambda count: STAFF[count:], 4, 5),  # of 40: 10 and 12.5 %
]
MORE_CASES: list[tuple[str, Make, int, int]] = [
    ("changed", elsewhere, 12, 13),  # of 42: 28.6 and 31.0 %
    ("unlinked", without_company, 2, 40),  # an empty company block on every record
    ("fewer", lambda count: STAFF[:-count], 4, 20),  # half the records of last time
]


@pytest.fixture
def customer(kept: Kept) -> SampleCustomer:
    """A customer with a connection that stands, of which one delivery was approved by a person."""
    kept.begin(_with_history)
    return SampleCustomer.of(Customer.objects.get())


def _with_history() -> None:
    customer = SampleCustomer()
    for name in ("supplier", "operator", "approver"):
        User.objects.filter(username=name).update(email=f"{name}@voorbeeld.example")
    rules = {"on_error": "skip", "skip_limit_percent": 50}
    connections.add("nacht", customer.record, by=find.user("operator"), standing=True, policies=rules)
    customer.import_([company("2", name="Twee BV")])
    customer.import_(STAFF, connection="nacht")
    Mail.objects.all().delete()


def deliver(customer: SampleCustomer, rows: list[Row], **policies: Any) -> Delivery:
    """Deliver on the connection, and carry on as far as it goes."""
    return customer.deliver(rows, connection="nacht", **policies)


@pytest.mark.parametrize(
    ("guard", "make", "within", "beyond"), [*CASES, *(pytest.param(*one, marks=pytest.mark.slow) for one in MORE_CASES)]
)
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
    after = deliver(customer, STAFF[20:])
    assert (after.state, after.reason) == ("held", "corrected")
    assert after.exceeded == [], "compared with the last one that came in live"
    assert customer.approve(after).state == "imported"
    assert deliver(customer, STAFF[20:-1]).state == "imported"


def test_a_truncated_file_is_held_or_rejected(customer: SampleCustomer, tmp_path: Any) -> None:
    """Wherever it is cut."""
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


@pytest.mark.parametrize(
    ("step", "reason"), [("train.plan_for_live", ""), ("release.plans.is_stale", "standing-ended")]
)
def test_when_it_ends_while_a_plan_is_made_a_person_decides(
    customer: SampleCustomer, monkeypatch: pytest.MonkeyPatch, step: str, reason: str
) -> None:
    """That of a large file takes a while, in which the step holds the lock of its environment."""
    place = f"instroom.flow.delivery.{step}"
    make = resolve_name(place)

    def end_and_make(*facts: Any) -> Any:
        Connection.objects.update(standing_since=None, standing_by=None)
        return make(*facts)

    monkeypatch.setattr(place, end_and_make)
    delivery = deliver(customer, with_jobs(1))
    assert (delivery.state, delivery.reason) == ("awaiting-approval", reason)


def test_where_live_changed_a_person_decides(customer: SampleCustomer) -> None:
    quiet_later(customer)
    delivery = deliver(customer, with_jobs(2))
    assert delivery.state == "scheduled"
    customer.import_([{**STAFF[0], "job": "Bakker"}])
    its_hour_comes(delivery)
    assert (customer.carry_on(delivery).state, delivery.reason) == ("awaiting-approval", "live-changed")


# It stands back after a person's correction.


def refused(customer: SampleCustomer) -> None:
    decide.refuse(deliver(customer, without_company(40)), "het blok is leeg", by=find.user("approver"))


def withdrawn(customer: SampleCustomer) -> None:
    decide.withdraw(deliver(customer, without_company(40)), by=find.user("supplier"))


def withdrawn_before_its_check(customer: SampleCustomer) -> None:
    waiting = customer.receive(with_jobs(1), connection="nacht")
    Delivery.objects.filter(pk=waiting.pk).update(waits_for="hour")
    waiting.refresh_from_db()
    decide.withdraw(waiting, by=find.user("supplier"))


def undone(customer: SampleCustomer) -> None:
    assert customer.undo(deliver(customer, with_jobs(1))).state == "imported"


def asked_to_be_undone(customer: SampleCustomer) -> None:
    customer.carry_on(undo.undo(deliver(customer, with_jobs(1)), by=find.user("approver")))


def undone_and_that_undone(customer: SampleCustomer) -> None:
    assert customer.undo(customer.undo(deliver(customer, with_jobs(1)))).state == "imported"


def asked_to_be_undone_and_that_refused(customer: SampleCustomer) -> None:
    one = customer.carry_on(undo.undo(deliver(customer, with_jobs(1)), by=find.user("approver")))
    decide.refuse(one, "toch goed", by=find.user("operator"))


CORRECTIONS = [
    refused,
    withdrawn,
    withdrawn_before_its_check,
    undone,
    asked_to_be_undone,
    undone_and_that_undone,
    asked_to_be_undone_and_that_refused,
]


@pytest.mark.parametrize("correct", CORRECTIONS)
def test_after_a_persons_correction_nothing_goes_by_itself(
    customer: SampleCustomer, correct: Callable[[SampleCustomer], None]
) -> None:
    """The program sends the same mistake again, with one record more."""
    assert deliver(customer, with_jobs(2)).state == "imported"
    customer.days_pass()
    correct(customer)
    before = customer.snapshot()
    for count in (3, 4):
        held = deliver(customer, with_jobs(count))
        assert (held.state, held.reason) == ("held", "corrected")
    assert customer.snapshot() == before, "live has not been touched"
    assert Connection.objects.get().standing_since, "the standing approval itself stays set"
    assert AuditEntry.objects.get(delivery=held, action="held").facts["corrected"]
    assert customer.approve(held).state == "imported"
    assert deliver(customer, with_jobs(5)).state == "imported"


def test_an_approval_of_before_the_correction_does_not_count(customer: SampleCustomer) -> None:
    ours = deliver(customer, joined(20))
    assert ours.state == "held"
    decide.approve(ours, by=find.user("approver"), at=timezone.now() + timedelta(days=1))
    connections.add("dag", customer.record, by=find.user("operator"))
    older = Delivery.objects.filter(connection__name="nacht", state="imported").get()
    undo.undo(older, by=find.user("approver"))
    its_hour_comes(ours)
    assert customer.carry_on(ours).state in ("imported", "awaiting-approval")
    assert deliver(customer, joined(21)).reason == "corrected"


def test_what_is_scheduled_by_itself_when_a_person_corrects_is_held(customer: SampleCustomer) -> None:
    one = deliver(customer, with_jobs(1))
    customer.days_pass()
    quiet_later(customer)
    scheduled = deliver(customer, with_jobs(2))
    assert (scheduled.state, scheduled.automatic) == ("scheduled", True)
    undo.undo(one, by=find.user("approver"))
    its_hour_comes(scheduled)
    assert (customer.carry_on(scheduled).state, scheduled.reason) == ("held", "corrected")
    assert (scheduled.automatic, scheduled.approved_digest) == (False, "")
    assert AuditEntry.objects.filter(delivery=scheduled, action="held-again").exists()


def test_what_corrects_a_refused_one_goes_by_itself_on_no_connection(customer: SampleCustomer) -> None:
    connections.add("dag", customer.record, by=find.user("operator"), standing=True)
    customer.import_(STAFF, connection="dag")
    held = deliver(customer, without_company(40))
    decide.refuse(held, "het blok is leeg", by=find.user("approver"))
    with tempfile.TemporaryDirectory() as folder:
        path = write_csv(Path(folder) / "personen.csv", with_jobs(1))
        next_one = receive(
            path, customer.record, by=find.user("supplier"), corrects=held, policies=Policies(),
            connection=find.connection(customer.record, "dag"),
        )  # fmt: skip
    assert (customer.carry_on(next_one).state, next_one.reason) == ("held", "corrected")
    assert deliver_on(customer, "dag", with_jobs(2)).state == "imported", "the other connection goes on"


def deliver_on(customer: SampleCustomer, connection: str, rows: list[Row]) -> Delivery:
    """Deliver on another connection."""
    return customer.deliver(rows, connection=connection)


def test_another_connection_goes_on_but_for_what_was_undone(customer: SampleCustomer) -> None:
    connections.add("dag", customer.record, by=find.user("operator"), standing=True)
    customer.import_(STAFF, connection="dag")
    undone(customer)
    held = deliver_on(customer, "dag", with_jobs(1))
    assert (held.state, held.reason) == ("held", "corrected"), "it would bring back what a person undid on another one"
    others = [{**row, "job": "Kok"} if place == 30 else row for place, row in enumerate(STAFF)]
    assert deliver_on(customer, "dag", others).state == "imported"


def test_who_is_told_that_it_stands_back(customer: SampleCustomer) -> None:
    refused(customer)
    Mail.objects.all().delete()
    deliver(customer, with_jobs(1))
    mails = Mail.objects.filter(kind="corrected").order_by("to")
    assert [mail.to.partition("@")[0] for mail in mails] == ["approver", "operator", "supplier"]
    assert "automatisch naar live" in mails[0].text
    status = document(connection_status(Connection.objects.get()))
    assert status["standing_approval"] is True
    assert status["stands_back_since"]
