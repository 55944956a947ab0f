"""A standing approval over many deliveries (E3a): small steps add up, and one delivery for each time goes by itself."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from instroom.flow import find
from instroom.flow.connections import connections, taking
from instroom.flow.delivery import decide
from instroom.flow.delivery import scheduled as scheduled_approvals
from instroom.flow.delivery.receive import receive
from instroom.flow.queries.timeline import timeline
from instroom.store.models import Connection, ConnectionRun, Customer, Delivery, Mail, User
from tests.contracts.customer import Row, SampleCustomer, company, person, write_csv
from tests.database import Kept

pytestmark = pytest.mark.on_sqlite_alone

MAIL = "{}@voorbeeld.example"
STAFF = [
    person(str(number), email=MAIL.format(number), job="Kok") | company("1", name="Een BV") for number in range(99)
]
"""With their company a hundred dossiers."""


def changed(places: Sequence[int], column: str = "job", value: str = "Coach {}") -> list[Row]:
    """The staff, some of them with another value in a column."""
    return [{**row, column: value.format(place)} if place in places else row for place, row in enumerate(STAFF)]


@pytest.fixture
def customer(kept: Kept) -> SampleCustomer:
    """A customer with a connection that stands, of which one delivery was approved by a person, a night ago."""
    kept.begin(_with_history)
    return SampleCustomer.of(Customer.objects.get())


def _with_history() -> None:
    customer = SampleCustomer()
    connections.add("nacht", customer.record, by=find.user("operator"), standing=True)
    customer.import_(STAFF, connection="nacht")
    customer.days_pass()


def night(customer: SampleCustomer, rows: Sequence[Row], connection: str = "nacht", days: float = 1) -> Delivery:
    """A delivery, and then it is another night."""
    delivery = customer.deliver(rows, connection=connection)
    customer.days_pass(days)
    return delivery


def guards(delivery: Delivery) -> list[tuple[str, int, int, int]]:
    """What holds it: guard, count, of how many, in how many deliveries."""
    return [(one["guard"], one["number"], one["of"], one["deliveries"]) for one in delivery.exceeded]


def test_many_small_deliveries_do_not_change_all(customer: SampleCustomer) -> None:
    """All the jobs of a file in four nights, each within the guard."""
    assert night(customer, changed(range(29))).state == "imported"
    held = night(customer, changed(range(58)))
    assert (held.state, held.reason, guards(held)) == ("held", "guards", [("changed", 58, 100, 2)])
    for so_far in (87, 99):
        assert night(customer, changed(range(so_far))).state == "held"
    values = [one.get("job_title") for (kind, _), one in customer.snapshot().items() if kind == "person"]
    assert sum(job != "Kok" for job in values) == 29


def test_it_is_said_over_which_time_and_in_how_many_deliveries(customer: SampleCustomer) -> None:
    User.objects.filter(username="approver").update(email="approver@voorbeeld.example")
    for so_far in (10, 20):
        night(customer, changed(range(so_far)))
    held = customer.deliver(changed(range(31)), connection="nacht")
    first = Delivery.objects.filter(automatic=True).earliest("pk").plans.get(environment__name="live").executed_at
    assert first is not None
    since = timezone.localtime(first)
    text = Mail.objects.get(kind="held", to="approver@voorbeeld.example").text
    assert f"Gewijzigde dossiers in 3 aanleveringen sinds {since:%d-%m-%Y %H:%M}: 31 van 100 (31 %)." in text
    assert timeline(held)["exceeded"] == [
        {
            "guard": "changed", "number": 31, "of": 100, "most_percent": 30, "most_number": 1000,
            "since": since.isoformat(), "deliveries": 3,
        }
    ]  # fmt: skip


def test_the_same_dossiers_each_night_count_once(customer: SampleCustomer) -> None:
    for time in range(3):
        assert night(customer, changed(range(20), value=f"Coach {time}")).state == "imported"


def test_small_steps_over_weeks_add_up(customer: SampleCustomer) -> None:
    assert night(customer, changed(range(29)), days=8).state == "imported"
    held = night(customer, changed(range(58)))
    assert (guards(held), held.exceeded[0]["most_percent"]) == ([("changed", 58, 100, 2)], 31)


def test_in_time_a_connection_may_change_what_an_office_changes(customer: SampleCustomer) -> None:
    for week in range(1, 9):
        assert night(customer, changed(range(7 * week)), days=7).state == "imported"


def test_what_others_act_on_is_guarded_more_tightly(customer: SampleCustomer) -> None:
    assert night(customer, changed(range(5), "email", "ander{}@voorbeeld.example")).state == "imported"
    held = night(customer, changed(range(6), "email", "ander{}@voorbeeld.example"))
    assert guards(held) == [("sensitive", 6, 100, 2)]


def test_a_file_neither_grows_nor_shrinks_in_small_steps(customer: SampleCustomer) -> None:
    more = [person(f"n{number}") | company("1", name="Een BV") for number in range(50)]
    assert night(customer, [*STAFF, *more[:20]]).state == "imported"
    assert guards(night(customer, [*STAFF, *more[:40]])) == [("created", 40, 140, 2)]
    less = night(customer, STAFF[:-5])
    assert guards(less) == [("fewer", 25, 119, 1)], "with the last one that came in live"


def test_a_file_that_shrinks_is_compared_with_what_a_person_approved(customer: SampleCustomer) -> None:
    assert night(customer, STAFF[:-9], days=10).state == "imported"
    held = night(customer, STAFF[:-18], days=10)
    assert guards(held) == [("fewer", 18, 99, 2)]
    assert customer.approve(held).state == "imported"
    customer.days_pass()
    assert night(customer, STAFF[:-20]).state == "imported"


def test_a_file_that_has_grown_does_not_shrink_in_small_steps(customer: SampleCustomer) -> None:
    connections.change(
        Connection.objects.get(), by=find.user("operator"), guards={"created": [100, 500], "fewer": [10, 250]}
    )
    more = [person(f"n{number}") | company("1", name="Een BV") for number in range(40)]
    assert night(customer, [*STAFF, *more]).state == "imported"
    assert night(customer, [*STAFF, *more[:27]]).state == "imported"
    assert guards(night(customer, [*STAFF, *more[:14]])) == [("fewer", 26, 139, 2)]


def test_only_a_person_begins_anew(customer: SampleCustomer) -> None:
    night(customer, changed(range(29)))
    held = customer.deliver(changed(range(58)), connection="nacht")
    assert customer.approve(held).state == "imported"
    customer.days_pass()
    assert night(customer, changed(range(87))).state == "imported"
    assert night(customer, changed(range(99))).state == "held"


def test_what_a_person_approved_elsewhere_does_not_count(customer: SampleCustomer) -> None:
    customer.import_(changed(range(40)))
    assert night(customer, changed(range(60))).state == "imported"


def test_two_connections_do_not_share_the_work(customer: SampleCustomer) -> None:
    """Each within its guards, of the same dossiers: together they are outside them."""
    connections.add("dag", customer.record, by=find.user("operator"), standing=True)
    customer.import_(STAFF, connection="dag")
    customer.days_pass()
    assert night(customer, changed(range(29))).state == "imported"
    held = night(customer, changed(range(58)), "dag")
    assert guards(held) == [("changed", 58, 100, 2)]


def test_another_connection_counts_only_where_it_touches_the_same_dossiers(customer: SampleCustomer) -> None:
    connections.add("dag", customer.record, by=find.user("operator"), standing=True)
    others = [person(f"d{number}") for number in range(10)]
    customer.import_(others, connection="dag")
    customer.days_pass()
    assert night(customer, [{**row, "job": "Bakker"} for row in others[:3]] + others[3:], "dag").state == "imported"
    assert night(customer, changed(range(29))).state == "imported"


# One delivery for each time.


def test_on_arrival_one_goes_by_itself_each_day(customer: SampleCustomer) -> None:
    User.objects.filter(username="approver").update(email="approver@voorbeeld.example")
    assert customer.deliver(changed(range(1)), connection="nacht").state == "imported"
    second = customer.deliver(changed(range(2)), connection="nacht")
    assert (second.state, second.reason, second.exceeded) == ("held", "once", [])
    assert "van deze koppeling gaat één bestand automatisch naar live" in Mail.objects.get(kind="once").text
    customer.days_pass()
    assert customer.deliver(changed(range(3)), connection="nacht").state == "imported"


def test_an_approval_by_a_person_begins_the_time_anew(customer: SampleCustomer) -> None:
    customer.deliver(changed(range(1)), connection="nacht")
    assert customer.approve(customer.deliver(changed(range(2)), connection="nacht")).state == "imported"
    assert customer.deliver(changed(range(3)), connection="nacht").state == "imported"
    assert customer.deliver(changed(range(4)), connection="nacht").reason == "once"


def time_of(connection: Connection, hours_ago: float, delivery: Delivery | None = None) -> None:
    """A time of the connection, with the file that it took."""
    at = timezone.now() - timedelta(hours=hours_ago)
    ConnectionRun.objects.create(connection=connection, local_date=at.date(), due_at=at, delivery=delivery)


@pytest.fixture
def scheduled(customer: SampleCustomer) -> Connection:
    """The connection, with times of which one came five hours ago."""
    connection = Connection.objects.get()
    connections.change(connection, by=find.user("operator"), schedule="daily 01:00")
    connection.runs.all().delete()
    time_of(connection, 5)
    return connection


def came(delivery: Delivery, hours_ago: float) -> Delivery:
    """It came in before now."""
    Delivery.objects.filter(pk=delivery.pk).update(received_at=timezone.now() - timedelta(hours=hours_ago))
    delivery.refresh_from_db()
    return delivery


def test_of_a_schedule_one_goes_by_itself_for_each_time(customer: SampleCustomer, scheduled: Connection) -> None:
    assert came(customer.deliver(changed(range(1)), connection="nacht"), 4).state == "imported"
    second = customer.deliver(changed(range(2)), connection="nacht")
    assert (second.state, second.reason) == ("held", "once")
    time_of(scheduled, 0)
    assert customer.deliver(changed(range(3)), connection="nacht").state == "imported"


def test_a_file_that_its_time_took_counts_for_that_time(customer: SampleCustomer, scheduled: Connection) -> None:
    """Two times of which the files were both late, as after a night in which the machine was off."""
    files = [customer.receive(changed(range(count)), connection="nacht") for count in (1, 2)]
    time_of(scheduled, 3, came(files[0], 6))
    time_of(scheduled, 2, came(files[1], 6))
    customer.carry_on(files[0])
    assert [Delivery.objects.get(pk=file.pk).state for file in files] == ["imported", "imported"]
    by_hand = customer.deliver(changed(range(3)), connection="nacht")
    assert (by_hand.state, by_hand.reason) == ("held", "once")


@pytest.mark.parametrize("state", ["superseded", "failed"])
def test_what_never_came_in_live_does_not_use_its_time(customer: SampleCustomer, state: str) -> None:
    first = customer.deliver(changed(range(1)), connection="nacht")
    Delivery.objects.filter(pk=first.pk).update(state=state)
    assert customer.deliver(changed(range(2)), connection="nacht").state == "imported"


def test_what_is_scheduled_makes_way_for_the_next_one(customer: SampleCustomer) -> None:
    """One of them goes by itself: the newer."""
    later = {"quiet_above": 0, "quiet_from": f"{timezone.localtime() + timedelta(hours=2):%H}:00"}
    later["quiet_until"] = f"{timezone.localtime() + timedelta(hours=3):%H}:00"
    connections.change(Connection.objects.get(), by=find.user("operator"), policies=later)
    first = customer.deliver(changed(range(1)), connection="nacht")
    assert (first.state, first.automatic) == ("scheduled", True)
    second = customer.deliver(changed(range(2)), connection="nacht")
    first.refresh_from_db()
    assert (first.state, second.state, second.automatic) == ("superseded", "scheduled", True)


def test_what_a_person_lets_go_on_waits_for_a_person(customer: SampleCustomer) -> None:
    file = customer.receive(changed(range(1)), connection="nacht")
    Delivery.objects.filter(pk=file.pk).update(waits_for="hour")
    file.refresh_from_db()
    taking.take_now(file, by=find.user("supplier"))
    assert customer.carry_on(file).state == "awaiting-approval"


# After a person's correction, wherever that was.


def test_what_was_undone_by_hand_does_not_come_back_by_a_connection(customer: SampleCustomer) -> None:
    customer.undo(customer.import_(changed(range(2))))
    held = customer.deliver(changed(range(2)), connection="nacht")
    assert (held.state, held.reason) == ("held", "corrected")
    assert customer.approve(held).state == "imported"
    customer.days_pass()
    assert customer.deliver(changed(range(3)), connection="nacht").state == "imported"


def test_who_was_taken_out_of_live_is_not_made_again_by_a_connection(customer: SampleCustomer) -> None:
    new = [*STAFF, person("N1")]
    customer.undo(customer.import_(new))
    held = customer.deliver([*STAFF, person("n1")], connection="nacht")
    assert (held.state, held.reason) == ("held", "corrected")


def test_what_corrects_one_of_which_the_approval_was_taken_back_goes_by_itself_on_no_connection(
    customer: SampleCustomer, tmp_path: Path
) -> None:
    connections.add("dag", customer.record, by=find.user("operator"), standing=True)
    customer.import_(STAFF, connection="dag")
    held = customer.deliver(changed(range(50)), connection="nacht")
    decide.approve(held, by=find.user("approver"), at=datetime(2100, 1, 1, tzinfo=UTC))
    scheduled_approvals.unapprove(held, "Wacht nog.", by=find.user("approver"))
    path = write_csv(tmp_path / "personen.csv", changed(range(2)))
    next_one = receive(
        path, customer.record, by=find.user("supplier"), corrects=held,
        connection=find.connection(customer.record, "dag"),
    )  # fmt: skip
    assert (customer.carry_on(next_one).state, next_one.reason) == ("held", "corrected")


def test_an_undo_that_was_undone_is_a_persons_too(customer: SampleCustomer) -> None:
    customer.undo(customer.undo(customer.import_(changed(range(2)))))
    held = customer.deliver(changed(range(2), value="Bakker"), connection="nacht")
    assert (held.state, held.reason) == ("held", "corrected")


def test_what_takes_the_place_of_one_that_is_held_is_measured_as_that_one(customer: SampleCustomer) -> None:
    night(customer, changed(range(29)))
    held = night(customer, changed(range(58)))
    again = customer.deliver(changed(range(57)), connection="nacht")
    held.refresh_from_db()
    assert (held.state, again.state, guards(again)) == ("superseded", "held", [("changed", 57, 100, 2)])


def test_an_approval_that_was_undone_is_none(customer: SampleCustomer) -> None:
    """What is in live again then is what was approved before."""
    held = customer.deliver(changed(range(40)), connection="nacht")
    second = customer.approve(held)
    customer.days_pass()
    customer.undo(second)
    customer.days_pass()
    assert customer.deliver(STAFF[:-1], connection="nacht").reason == "corrected"


def test_a_scheduled_approval_that_was_taken_back_does_not_begin_anew(customer: SampleCustomer) -> None:
    night(customer, changed(range(29)))
    held = customer.deliver(changed(range(58)), connection="nacht")
    decide.approve(held, by=find.user("approver"), at=datetime(2100, 1, 1, tzinfo=UTC))
    decide.withdraw(held, by=find.user("supplier"))
    again = customer.deliver(changed(range(57)), connection="nacht")
    assert (again.reason, guards(again)) == ("corrected", [("changed", 57, 100, 2)])
