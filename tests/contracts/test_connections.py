"""What becomes of a file of a connection: before, at and after its hour (product.md E2, D7). Each case is a story on
the clock of Amsterdam, of a connection that expects `personen.csv` every day at 01:00."""

import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from instroom.core.errors import NotAllowed, NotFound
from instroom.core.model import Policies
from instroom.flow import delivery_document, find
from instroom.flow.connections import connections, runs, taking
from instroom.flow.connections.closing import save_closing_days
from instroom.flow.connections.connection_state import connection_status
from instroom.flow.delivery import decide
from instroom.flow.delivery.retry import retry
from instroom.flow.waits import look_at_once, next_taking
from instroom.store.models import AuditEntry, Connection, ConnectionRun, Delivery, Mail
from tests.contracts.connection_scenario import AMSTERDAM, PERSONS, ConnectionScenario, clock
from tests.contracts.customer import SampleCustomer, person

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise

OTHERS = [*PERSONS[:-1], person("99")]
MORE = [*PERSONS, person("11")]
BAD = [*PERSONS[:-1], person("99", born="31-02-1980")]
WORSE = [*BAD, person("98", born="31-02-1980")]
Story = list[tuple[str, str, Any]]

# (what is given of the connection, what happens, what becomes of the files in order, the runs that are known)
CASES: dict[str, tuple[dict[str, Any], Story, list[str], list[tuple[str, str]]]] = {
    "one minute before its hour": (
        {},
        [("04T00:59", "file", PERSONS), ("04T00:59", "look", []), ("04T01:00", "look", [])],
        ["awaiting-approval"],
        [("2027-05-04", "taken"), ("2027-05-05", "waiting")],
    ),
    "long before its hour": (
        {},
        [("03T13:00", "file", PERSONS), ("03T13:00", "look", []), ("04T00:59", "look", [])],
        ["waits"],
        [("2027-05-04", "waiting")],
    ),
    "one minute after its hour": (
        {},
        [("04T01:00", "look", []), ("04T01:01", "file", PERSONS), ("04T01:01", "look", [])],
        ["awaiting-approval"],
        [("2027-05-04", "taken"), ("2027-05-05", "waiting")],
    ),
    "long after its hour it is taken when it comes": (
        {},
        [("04T01:00", "look", []), ("04T02:00", "look", ["late"]), ("04T07:00", "look", ["missing"]),
         ("04T15:00", "file", PERSONS), ("04T15:00", "look", ["over"])],
        ["awaiting-approval"],
        [("2027-05-04", "taken"), ("2027-05-05", "waiting")],
    ),
    "long after its hour it is taken next time": (
        {"on_late": "next"},
        [("04T01:00", "look", []), ("04T02:00", "look", ["late"]), ("04T02:01", "file", PERSONS),
         ("04T02:01", "look", []), ("04T07:00", "look", ["missing"]), ("05T01:00", "look", ["over"])],
        ["awaiting-approval"],
        [("2027-05-04", "missing"), ("2027-05-05", "taken"), ("2027-05-06", "waiting")],
    ),
    "within the grace it is taken, also where late ones wait": (
        {"on_late": "next"},
        [("04T01:00", "look", []), ("04T01:30", "file", PERSONS), ("04T01:30", "look", [])],
        ["awaiting-approval"],
        [("2027-05-04", "taken"), ("2027-05-05", "waiting")],
    ),
    "two versions before the hour: the newest is taken": (
        {},
        [("03T20:00", "file", PERSONS), ("03T21:00", "file", MORE), ("04T01:00", "look", ["superseded"])],
        ["superseded", "awaiting-approval"],
        [("2027-05-04", "taken"), ("2027-05-05", "waiting")],
    ),
    "the same bytes twice before the hour are one file": (
        {},
        [("03T20:00", "file", PERSONS), ("03T21:00", "file", PERSONS), ("04T01:00", "look", [])],
        ["superseded", "awaiting-approval"],
        [("2027-05-04", "taken"), ("2027-05-05", "waiting")],
    ),
    "the same bytes as last time": (
        {},
        [("03T20:00", "file", PERSONS), ("04T01:00", "look", []), ("04T20:00", "file", PERSONS),
         ("05T01:00", "look", ["stale"])],
        ["awaiting-approval", "rejected stale"],
        [("2027-05-04", "taken"), ("2027-05-05", "stale"), ("2027-05-06", "waiting")],
    ),
    "the same bytes as last time, after another version that nobody looked at": (
        {},
        [("03T20:00", "file", PERSONS), ("04T01:00", "look", []), ("04T20:00", "file", MORE),
         ("04T21:00", "file", PERSONS), ("05T01:00", "look", ["superseded", "stale"])],
        ["awaiting-approval", "superseded", "rejected stale"],
        [("2027-05-04", "taken"), ("2027-05-05", "stale"), ("2027-05-06", "waiting")],
    ),
    "a fresh file after a stale one": (
        {},
        [("03T20:00", "file", PERSONS), ("04T01:00", "look", []), ("04T20:00", "file", PERSONS),
         ("05T01:00", "look", ["stale"]), ("05T01:10", "file", MORE), ("05T01:10", "look", [])],
        ["superseded", "rejected stale", "awaiting-approval"],
        [("2027-05-04", "taken"), ("2027-05-05", "taken"), ("2027-05-06", "waiting")],
    ),
    "while the one before still awaits approval": (
        {},
        [("03T20:00", "file", PERSONS), ("04T01:00", "look", []), ("04T20:00", "file", MORE), ("05T01:00", "look", [])],
        ["superseded", "awaiting-approval"],
        [("2027-05-04", "taken"), ("2027-05-05", "taken"), ("2027-05-06", "waiting")],
    ),
    "a second file on the same day waits for the next hour": (
        {},
        [("03T20:00", "file", PERSONS), ("04T01:00", "look", []), ("04T01:10", "file", MORE), ("04T01:10", "look", [])],
        ["awaiting-approval", "waits"],
        [("2027-05-04", "taken"), ("2027-05-05", "waiting")],
    ),
    "one that is rejected at its hour is corrected when the next one comes": (
        {},
        [("04T00:30", "file", BAD), ("04T01:00", "look", ["rejected"]), ("04T01:20", "look", []),
         ("04T01:30", "file", PERSONS), ("04T01:30", "look", [])],
        ["rejected errors", "awaiting-approval"],
        [("2027-05-04", "taken"), ("2027-05-05", "waiting")],
    ),
    "one that is rejected is late and missing until a good one comes": (
        {},
        [("04T00:30", "file", BAD), ("04T01:00", "look", ["rejected"]), ("04T02:00", "look", ["late"]),
         ("04T07:00", "look", ["missing"]), ("04T09:00", "file", PERSONS), ("04T09:00", "look", ["over"])],
        ["rejected errors", "awaiting-approval"],
        [("2027-05-04", "taken"), ("2027-05-05", "waiting")],
    ),
    "a correction that is no better, and one that is": (
        {},
        [("04T00:30", "file", BAD), ("04T01:00", "look", ["rejected"]), ("04T01:10", "file", WORSE),
         ("04T01:10", "look", ["rejected"]), ("04T01:20", "file", PERSONS), ("04T01:20", "look", [])],
        ["rejected errors", "rejected errors", "awaiting-approval"],
        [("2027-05-04", "taken"), ("2027-05-05", "waiting")],
    ),
    "the rejected bytes again": (
        {},
        [("04T00:30", "file", BAD), ("04T01:00", "look", ["rejected"]), ("04T01:10", "file", BAD),
         ("04T01:10", "look", ["stale"]), ("04T01:20", "file", PERSONS), ("04T01:20", "look", [])],
        ["rejected errors", "rejected stale", "awaiting-approval"],
        [("2027-05-04", "taken"), ("2027-05-05", "waiting")],
    ),
    "a correction that waits for the next time, where that was agreed": (
        {"on_correction": "next"},
        [("04T00:30", "file", BAD), ("04T01:00", "look", ["rejected"]), ("04T01:10", "file", PERSONS),
         ("04T01:10", "look", []), ("04T02:00", "look", ["late"]), ("05T01:00", "look", ["over"])],
        ["rejected errors", "awaiting-approval"],
        [("2027-05-04", "missing"), ("2027-05-05", "taken"), ("2027-05-06", "waiting")],
    ),
    "nothing better comes until the next time": (
        {},
        [("04T00:30", "file", BAD), ("04T01:00", "look", ["rejected"]), ("05T01:00", "look", [])],
        ["rejected errors"],
        [("2027-05-04", "missing"), ("2027-05-05", "waiting"), ("2027-05-06", "waiting")],
    ),
    "what comes once a month is corrected at once": (
        {"schedule": "monthly 4 01:00"},
        [("04T00:30", "file", BAD), ("04T01:00", "look", ["rejected"]), ("20T09:00", "file", PERSONS),
         ("20T09:00", "look", [])],
        ["rejected errors", "awaiting-approval"],
        [("2027-05-04", "taken"), ("2027-06-04", "waiting")],
    ),
    "a person delivers the correction": (
        {},
        [("04T00:30", "file", BAD), ("04T01:00", "look", ["rejected"]), ("04T09:00", "hand", PERSONS),
         ("04T09:00", "look", []), ("04T10:00", "file", MORE), ("04T10:00", "look", [])],
        ["rejected errors", "awaiting-approval", "waits"],
        [("2027-05-04", "taken"), ("2027-05-05", "waiting")],
    ),
    "a bad one by hand and a bad one by the account do not take turns": (
        {},
        [("03T20:00", "hand", BAD), ("04T01:00", "look", []), ("04T01:10", "file", WORSE),
         ("04T01:10", "look", ["rejected"]), ("04T01:20", "look", [])],
        ["rejected errors", "rejected errors"],
        [("2027-05-04", "awaiting-correction"), ("2027-05-05", "waiting")],
    ),
    "a machine that was off at its hour": (
        {},
        [("04T00:30", "file", PERSONS), ("04T09:00", "look", [])],
        ["awaiting-approval"],
        [("2027-05-04", "taken"), ("2027-05-05", "waiting")],
    ),
    "a machine that was off for days": (
        {},
        [("04T00:30", "file", PERSONS), ("06T23:30", "file", MORE), ("07T09:00", "look", ["superseded"])],
        ["superseded", "awaiting-approval"],
        [("2027-05-04", "taken"), ("2027-05-08", "waiting")],
    ),
    "nothing comes, for days": (
        {},
        [("04T02:00", "look", ["late"]), ("04T02:01", "look", []), ("04T07:00", "look", ["missing"]),
         ("04T23:00", "look", []), ("05T01:00", "look", []), ("05T02:00", "look", []),
         ("05T07:00", "look", ["missing"]), ("05T08:00", "look", []), ("06T07:00", "look", ["missing"])],
        [],
        [("2027-05-04", "missing"), ("2027-05-05", "missing"), ("2027-05-06", "missing"), ("2027-05-07", "waiting")],
    ),
    "nothing comes, of what comes once a week": (
        {"schedule": "weekly tue 01:00"},
        [("04T02:00", "look", ["late"]), ("04T07:00", "look", ["missing"]), ("05T06:59", "look", []),
         ("05T07:00", "look", ["missing"]), ("06T07:00", "look", ["missing"])],
        [],
        [("2027-05-04", "missing"), ("2027-05-11", "waiting")],
    ),
    "a person has delivered for this time already": (
        {},
        [("03T20:00", "hand", PERSONS), ("04T01:00", "look", []), ("04T08:00", "look", [])],
        ["awaiting-approval"],
        [("2027-05-04", "taken"), ("2027-05-05", "waiting")],
    ),
    "what a person has delivered before the last time counts no more": (
        {},
        [("03T00:30", "hand", PERSONS), ("04T01:00", "look", []), ("04T02:00", "look", ["late"])],
        ["awaiting-approval"],
        [("2027-05-04", "late"), ("2027-05-05", "waiting")],
    ),
    "a person has delivered a newer one than the one that waits": (
        {},
        [("03T20:00", "file", PERSONS), ("03T21:00", "hand", MORE), ("04T01:00", "look", ["superseded"])],
        ["superseded", "awaiting-approval"],
        [("2027-05-04", "taken"), ("2027-05-05", "waiting")],
    ),
    "several times a day: each takes what came for it": (
        {"schedule": "daily 01:00,11:00"},
        [("03T20:00", "file", PERSONS), ("04T01:00", "look", []), ("04T09:00", "file", MORE), ("04T11:00", "look", []),
         ("05T02:00", "look", ["late"]), ("05T10:59", "file", PERSONS), ("05T11:00", "look", ["over"])],
        ["superseded", "superseded", "awaiting-approval"],
        [("2027-05-04", "taken"), ("2027-05-04", "taken"), ("2027-05-05", "missing"), ("2027-05-05", "taken"),
         ("2027-05-06", "waiting")],
    ),
    "workdays alone": (
        {"schedule": "workdays 01:00"},
        [("04T00:30", "file", PERSONS), ("06T23:00", "look", []), ("06T23:30", "file", OTHERS),
         ("07T01:00", "look", []), ("08T12:00", "file", MORE), ("09T12:00", "look", []), ("10T01:00", "look", [])],
        ["superseded", "superseded", "awaiting-approval"],
        [("2027-05-04", "taken"), ("2027-05-07", "taken"), ("2027-05-10", "taken"), ("2027-05-11", "waiting")],
    ),
    "the same bytes as last time, where that is normal": (
        {"same_is_normal": True},
        [("03T20:00", "file", PERSONS), ("04T01:00", "look", []), ("04T20:00", "file", PERSONS),
         ("05T01:00", "look", []), ("05T08:00", "look", []), ("05T20:00", "file", PERSONS), ("06T01:00", "look", [])],
        ["awaiting-approval", "superseded unchanged", "superseded unchanged"],
        [("2027-05-04", "taken"), ("2027-05-05", "taken"), ("2027-05-06", "taken"), ("2027-05-07", "waiting")],
    ),
    "on arrival the same bytes are normal": (
        {"schedule": "arrival", "same_is_normal": True},
        [("04T13:00", "file", PERSONS), ("04T13:00", "look", []), ("04T14:00", "file", PERSONS),
         ("04T14:00", "look", []), ("04T15:00", "file", MORE), ("04T15:00", "look", [])],
        ["superseded", "superseded unchanged", "awaiting-approval"],
        [],
    ),
    "on arrival": (
        {"schedule": "arrival"},
        [("04T13:00", "file", PERSONS), ("04T13:00", "look", []), ("04T14:00", "file", PERSONS),
         ("04T14:00", "look", ["stale"]), ("04T15:00", "file", MORE), ("04T15:00", "look", [])],
        ["superseded", "rejected stale", "awaiting-approval"],
        [],
    ),
    "on arrival nothing is late": ({"schedule": "arrival"}, [("09T13:00", "look", [])], [], []),
    "without any grace": (
        {"late_after": 0, "missing_after": 0},
        [("04T01:00", "look", ["missing"])],
        [],
        [("2027-05-04", "missing"), ("2027-05-05", "waiting")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_story(name: str) -> None:
    given, story, becomes, expected = CASES[name]
    scenario = ConnectionScenario(**{"schedule": "daily 01:00", **given})
    files = []
    for at, what, about in story:
        at = f"2027-05-{at}"
        if what == "look":
            assert [kind for kind in scenario.tick(at) if kind != "imported"] == about, at
            assert scenario.tick(at) == [], "told twice"
        else:
            files.append(scenario.receive(at, about) if what == "file" else scenario.by_hand(at, about))
    assert [scenario.state(file) for file in files] == becomes
    assert scenario.runs() == expected


def refuse(file: Delivery) -> None:
    decide.refuse(file, "het zijn de oude", by=find.user("approver"))


def withdraw(file: Delivery) -> None:
    decide.withdraw(file, by=find.user("supplier"))


def approve_and_undo(file: Delivery) -> None:
    customer = SampleCustomer.of(file.customer)
    customer.undo(customer.approve(file, at="now"))


@pytest.mark.on_postgresql
@pytest.mark.parametrize("turn_down", [refuse, withdraw, approve_and_undo])
def test_after_a_person_says_no_the_next_file_is_taken_at_once(turn_down: Callable[[Delivery], None]) -> None:
    scenario = ConnectionScenario()
    first = scenario.receive("2027-05-03T20:00")
    scenario.tick("2027-05-04T01:00")
    second = scenario.receive("2027-05-04T09:00", MORE)
    assert scenario.tick("2027-05-04T09:00") == []
    assert scenario.state(second) == "waits", "the first one is good so far"
    first.refresh_from_db()
    turn_down(first)
    scenario.tick("2027-05-04T09:10")
    assert scenario.state(second) == "awaiting-approval"
    assert scenario.runs()[0] == ("2027-05-04", "taken")


def test_the_state_of_a_time_whose_file_was_turned_down() -> None:
    scenario = ConnectionScenario()
    scenario.receive("2027-05-04T00:30", BAD)
    scenario.tick("2027-05-04T01:00")
    for at, state in (("01:01", "awaiting-correction"), ("02:00", "late"), ("07:00", "missing")):
        scenario.tick(f"2027-05-04T{at}")
        status = connection_status(scenario.connection, clock(f"2027-05-04T{at}"))
        assert (status.state, scenario.runs()[0]) == (state, ("2027-05-04", state))
    late = Mail.objects.get(kind="late", to="supplier@voorbeeld.example")
    assert "Wat er kwam is niet geïmporteerd" in late.text


def test_each_wait_names_its_moment() -> None:
    scenario = ConnectionScenario()
    file = scenario.receive("2027-05-03T20:00")
    at = "2027-05-04T01:00:00+02:00"
    assert delivery_document.document(file)["waits_until"] == at
    assert next_taking(scenario.connection) == (False, clock("2027-05-04T01:00"))
    received = Mail.objects.get(kind="received-hour", to="supplier@voorbeeld.example")
    assert "04-05-2027 01:00 (Europe/Amsterdam)" in received.text
    scenario.tick("2027-05-04T01:00")
    file.refresh_from_db()
    assert "waits_until" not in delivery_document.document(file)


def test_the_mail_of_a_rejection_says_until_when_a_correction_is_expected() -> None:
    scenario = ConnectionScenario()
    scenario.receive("2027-05-04T00:30", BAD)
    scenario.tick("2027-05-04T01:00")
    assert "wordt de volgende keer opgepakt: 04-05-2027" in Mail.objects.get(kind="rejected").text, "on today's clock"
    assert next_taking(scenario.connection, clock("2027-05-04T01:10")) == (True, clock("2027-05-05T01:00"))
    connections.change(scenario.connection, by=find.user("operator"), on_correction="next")
    assert next_taking(scenario.connection, clock("2027-05-04T01:10")) == (False, clock("2027-05-05T01:00"))


def test_a_file_that_was_never_looked_at_is_told_unless_the_newer_one_is_the_same() -> None:
    scenario = ConnectionScenario()
    for hour, rows in ((20, PERSONS), (21, MORE), (22, MORE)):
        scenario.receive(f"2027-05-03T{hour}:00", rows)
    scenario.tick("2027-05-04T01:00")
    told = Mail.objects.get(kind="superseded", to="supplier@voorbeeld.example")
    assert "niet gecontroleerd en niet geïmporteerd" in told.text


@pytest.mark.parametrize("hour", ["01:00", "02:00", "02:30", "03:00"])
@pytest.mark.parametrize("begins", ["2027-03-26T12:00", "2027-10-29T12:00"])
def test_in_the_nights_that_the_clock_changes_each_date_runs_once(hour: str, begins: str) -> None:
    scenario, noon = ConnectionScenario(f"daily {hour}", begins), clock(begins).timestamp()
    for day in range(3):
        for later in range(11, 18):  # by hours that the clock cannot skip, from before midnight on
            runs.tick(datetime.fromtimestamp(noon + 3600 * (24 * day + later), tz=AMSTERDAM))
    taken = [date for date, state in scenario.runs() if state != "waiting"]
    assert len(taken) == len(set(taken)) == 3


def test_a_pause_takes_and_expects_nothing_and_loses_nothing() -> None:
    scenario = ConnectionScenario()
    scenario.tick("2027-05-04T02:00")
    connections.pause(scenario.connection, by=find.user("operator"))
    runs.stop(scenario.connection, clock("2027-05-04T02:00"))
    file = scenario.receive("2027-05-04T03:00")
    assert scenario.tick("2027-05-06T12:00") == []
    assert scenario.state(file) == "waits"
    connections.resume(scenario.connection, by=find.user("operator"))
    runs.plan_anew(scenario.connection, clock("2027-05-06T12:00"))
    assert scenario.tick("2027-05-07T01:00") == []
    assert scenario.state(file) == "awaiting-approval"


def test_another_schedule_does_not_make_a_date_due_twice() -> None:
    scenario = ConnectionScenario()
    scenario.receive("2027-05-03T20:00")
    scenario.tick("2027-05-04T01:00")
    Connection.objects.filter(pk=scenario.connection.pk).update(schedule="daily 14:00")
    scenario.connection.refresh_from_db()
    runs.plan_anew(scenario.connection, clock("2027-05-04T10:00"))
    assert scenario.runs() == [("2027-05-04", "taken"), ("2027-05-05", "waiting")]


def test_another_schedule_has_other_times_on_days_that_have_had_none() -> None:
    scenario = ConnectionScenario()
    connection = scenario.connection
    Connection.objects.filter(pk=connection.pk).update(schedule="daily 06:00,18:00")
    connection.refresh_from_db()
    runs.plan_anew(connection, clock("2027-05-03T12:00"))
    assert scenario.tick("2027-05-03T18:00") == []
    assert scenario.runs() == [("2027-05-03", "waiting"), ("2027-05-04", "waiting")]


def test_on_a_closing_day_nothing_is_expected_and_what_comes_waits() -> None:
    scenario = ConnectionScenario("weekly thu 01:00", "2027-04-30T12:00", on_closed="move")
    customer, operator = scenario.customer.record, find.user("operator")
    with pytest.raises(NotAllowed):
        save_closing_days(customer, {"country": "NL"}, by=find.user("approver"))
    assert save_closing_days(customer, {"country": "NL", "days": ["2027-05-07"]}, by=operator)
    assert not save_closing_days(customer, {"country": "nl", "days": ["2027-05-07"]}, by=operator)
    scenario.connection.refresh_from_db()
    scenario.connection.runs.all().delete()
    runs.plan_anew(scenario.connection, clock("2027-04-30T12:00"))
    file = scenario.receive("2027-05-05T20:00")
    assert scenario.tick("2027-05-07T12:00") == [], "Ascension Day, and the customer's own day behind it"
    assert scenario.state(file) == "waits"
    assert scenario.tick("2027-05-10T01:00") == []
    assert scenario.state(file) == "awaiting-approval"
    assert scenario.runs() == [("2027-05-10", "taken"), ("2027-05-13", "waiting")]
    entry = AuditEntry.objects.get(action="closing-days-changed")
    assert entry.facts == {"before": {}, "after": {"country": "NL", "days": ["2027-05-07"]}}


def test_closing_days_move_what_is_ahead_and_leave_what_is_expected_now() -> None:
    scenario = ConnectionScenario()
    scenario.tick("2027-05-04T01:30")
    assert scenario.runs() == [("2027-05-04", "waiting"), ("2027-05-05", "waiting")]
    before = ConnectionRun.objects.get(local_date=date(2027, 5, 4)).due_at
    ConnectionRun.objects.filter(due_at=before).update(due_at=clock("2020-05-04T01:00"))
    save_closing_days(scenario.customer.record, {"weekends": True}, by=find.user("operator"))
    assert [state for _, state in scenario.runs()] == ["waiting", "waiting"]
    assert ConnectionRun.objects.filter(connection=scenario.connection, open=True).count() == 2


def test_where_the_same_file_is_normal_nobody_hears_of_it() -> None:
    scenario = ConnectionScenario(same_is_normal=True)
    scenario.receive("2027-05-03T20:00")
    scenario.tick("2027-05-04T01:00")
    before = Mail.objects.count()
    file = scenario.receive("2027-05-04T20:00")
    scenario.tick("2027-05-05T01:00")
    assert Mail.objects.count() == before
    assert ConnectionRun.objects.get(delivery=file).state == "taken"
    assert scenario.tick("2027-05-05T12:00") == []
    assert AuditEntry.objects.filter(delivery=file, action="unchanged").count() == 1


def test_a_person_lets_a_file_go_on_before_its_hour() -> None:
    scenario = ConnectionScenario()
    file = scenario.receive("2027-05-03T20:00")
    with pytest.raises(NotAllowed):
        taking.take_now(file, by=find.user("approver"))
    taking.take_now(file, by=find.user("supplier"))
    scenario.customer.carry_on(file)
    assert scenario.state(file) == "awaiting-approval"
    assert scenario.tick("2027-05-04T01:00") == []
    assert ConnectionRun.objects.get(delivery=file).state == "taken"
    with pytest.raises(NotAllowed):
        taking.take_now(file, by=find.user("supplier"))


def stranger(scenario: ConnectionScenario, at: str, rows: list[Any]) -> Delivery:
    """A file comes in under a name that no connection has."""
    file = scenario.receive(at, rows)
    Delivery.objects.filter(pk=file.pk).update(connection=None, waits_for="name", policies=Policies()._asdict())
    file.refresh_from_db()
    return file


def test_what_a_person_lets_go_under_another_name_is_treated_as_its_connection_says() -> None:
    scenario = ConnectionScenario(policies={"on_error": "skip", "skip_limit_percent": 50})
    file = stranger(scenario, "2027-05-01T09:00", BAD)
    assert scenario.tick("2027-05-04T02:00") == ["late"]
    with pytest.raises(NotAllowed, match="Choose the connection"):
        taking.take_now(file, by=find.user("supplier"))
    with pytest.raises(NotFound):
        taking.take_now(file, by=find.user("supplier"), connection=ConnectionScenario("arrival").connection)
    taking.take_now(file, by=find.user("supplier"), connection=scenario.connection)
    Delivery.objects.filter(pk=file.pk).update(taken_at=clock("2027-05-04T02:10"))
    assert scenario.tick("2027-05-04T02:10") == ["over"]
    assert scenario.state(file) == "awaiting-approval", "the faulty record is left out"
    assert (file.connection, file.policies["on_error"]) == (scenario.connection, "skip")
    assert scenario.runs()[0] == ("2027-05-04", "taken")
    assert AuditEntry.objects.get(delivery=file, action="taken").facts == {"connection": "nacht"}


def test_one_that_is_let_go_after_a_newer_one_came_in_live_waits_for_a_person() -> None:
    scenario = ConnectionScenario(standing=True, guards={"created": [100, 500]})
    file = stranger(scenario, "2027-05-01T09:00", MORE)
    scenario.customer.import_(PERSONS, connection="nacht")
    taking.take_now(file, by=find.user("supplier"), connection=scenario.connection)
    scenario.customer.carry_on(file)
    assert scenario.state(file) == "awaiting-approval"


def test_what_waits_for_its_hour_can_be_withdrawn() -> None:
    scenario = ConnectionScenario()
    file = scenario.receive("2027-05-03T20:00")
    decide.withdraw(file, by=find.user("supplier"))
    scenario.tick("2027-05-04T01:00")
    assert scenario.state(file) == "withdrawn"
    again = scenario.receive("2027-05-04T01:10")
    scenario.tick("2027-05-04T01:10")
    assert scenario.state(again) == "awaiting-approval", "the same bytes, of which nothing was decided"


def test_supplier_and_operator_are_told_and_the_audit_log_knows() -> None:
    scenario = ConnectionScenario()
    scenario.tick("2027-05-04T02:00")
    told = Mail.objects.filter(kind="late").order_by("to")
    assert [mail.to.partition("@")[0] for mail in told] == ["operator", "supplier"]
    assert "04-05-2027 01:00 (Europe/Amsterdam)" in told[0].text
    assert "/connections/nacht" in told[0].text
    entry = AuditEntry.objects.get(action="file-late")
    assert entry.facts == {"connection": "nacht", "date": "2027-05-04"}


@pytest.mark.on_postgresql
def test_other_customers_connections_are_not_disturbed() -> None:
    one, other = ConnectionScenario(), ConnectionScenario()
    file = one.receive("2027-05-03T20:00")
    one.tick("2027-05-04T01:00")
    assert one.state(file) == "awaiting-approval"
    assert Delivery.objects.filter(customer=other.customer.record).count() == 0
    assert other.runs() == [("2027-05-04", "waiting"), ("2027-05-05", "waiting")]


@pytest.mark.parametrize(
    "given",
    [
        {"schedule": "hourly"},
        {"zone": "Europe/Nergens"},
        {"zone": "../etc"},
        {"late_after": 10, "missing_after": 5},
        {"late_after": -1},
        {"on_late": "never"},
        {"on_closed": "never"},
        {"on_correction": "never"},
        {"file_name": ""},
        {"file_name": "map/personen.csv"},
        {"file_name": "personen.csv.part"},
        {"file_name": "personen_{dag}.csv"},
        {"file_name": "**.csv"},
        {"layout": "nergens/1"},
        {"policies": {"blank": "maybe"}},
        {"guards": {"created": [101, 5]}},
        {"guards": {"loud": [1, 5]}},
        {"guards": {"created": [5]}},
        {"account": "nergens"},
    ],
    ids=str,
)
def test_what_cannot_be_agreed_is_told(given: dict[str, Any]) -> None:
    from instroom.core.errors import InstroomError

    scenario = ConnectionScenario()
    with pytest.raises(InstroomError) as told:
        connections.change(scenario.connection, by=find.user("operator"), **given)
    assert told.value.sentence("nl")
    assert Connection.objects.get(pk=scenario.connection.pk).schedule == "daily 01:00"


def test_only_an_operator_makes_connections() -> None:
    scenario = ConnectionScenario()
    for name in ("supplier", "approver", "reader"):
        with pytest.raises(NotAllowed):
            connections.change(scenario.connection, by=find.user(name), late_after=5)
    with pytest.raises(NotFound):
        connections.add("x", find.customer("nergens"), by=find.user("operator"))
    with pytest.raises(NotAllowed, match="already belongs to the connection nacht"):
        connections.add(
            "twee",
            scenario.customer.record,
            by=find.user("operator"),
            account=scenario.account.name,
            file_name="PERSONEN.csv",
        )
    with pytest.raises(NotAllowed, match="already"):
        connections.add("nacht", scenario.customer.record, by=find.user("operator"))
    other = ConnectionScenario()
    with pytest.raises(NotAllowed):
        connections.add(
            "drie", scenario.customer.record, by=find.user("operator"), account=other.account.name, file_name="x.csv"
        )


@pytest.mark.on_postgresql
def test_a_change_is_in_the_audit_log() -> None:
    scenario = ConnectionScenario()
    changes = {"late_after": 90, "schedule": "weekly ma 02:00"}
    changed = connections.change(scenario.connection, by=find.user("operator"), **changes)
    assert changed == ["schedule", "late_after"]
    entry = AuditEntry.objects.get(action="connection-changed")
    assert entry.facts["changed"] == {"schedule": ["daily 01:00", "weekly mon 02:00"], "late_after": [60, 90]}
    assert connections.change(scenario.connection, by=find.user("operator"), late_after=90) == []


@pytest.mark.on_postgresql
def test_workers_that_look_at_once_take_it_once_and_tell_it_once() -> None:
    scenario, late = ConnectionScenario(), ConnectionScenario()
    file = scenario.receive("2026-01-01T00:00")
    ConnectionRun.objects.all().delete()
    for connection in (scenario.connection, late.connection):
        ConnectionRun.objects.create(
            connection=connection, local_date=date(2026, 1, 1), due_at=clock("2026-01-01T01:00")
        )  # fmt: skip
    program = str(Path(sys.executable).with_name("instroom"))
    workers = [subprocess.Popen([program, "worker", "--once"], stderr=subprocess.PIPE) for _ in range(3)]
    for worker in workers:
        _out, err = worker.communicate(timeout=600)
        assert (worker.returncode, b" ERROR " in err) == (0, False)
    assert scenario.state(file) == "awaiting-approval"
    assert [entry.action for entry in file.audit.order_by("pk")].count("taken") == 1
    assert Mail.objects.filter(kind="missing", to="supplier@voorbeeld.example").count() == 1
    for one in (scenario, late):
        assert [state for _, state in one.runs()] == ["taken" if one is scenario else "missing", "waiting"]


@pytest.mark.on_postgresql
def test_a_connection_that_breaks_keeps_no_other_one_waiting() -> None:
    broken, scenario = ConnectionScenario(), ConnectionScenario()
    file = scenario.receive("2027-05-03T20:00")
    Connection.objects.filter(pk=broken.connection.pk).update(schedule="never")
    assert runs.tick(clock("2027-05-04T01:00"), stop=lambda: True) == 0
    assert runs.tick(clock("2027-05-04T01:00")) == 1
    assert scenario.state(file) == "received"
    assert not file.waits_for


def test_a_file_that_failed_and_is_tried_again_is_awaited_no_longer() -> None:
    scenario = ConnectionScenario()
    file = scenario.receive("2027-05-04T00:30")
    scenario.tick("2027-05-04T01:00")
    Delivery.objects.update(state="failed", finished_at=clock("2027-05-04T01:00"))
    look_at_once(scenario.connection.pk)
    assert scenario.tick("2027-05-04T02:10") == ["late"]
    file.refresh_from_db()
    retry(file, by=find.user("operator"))
    assert scenario.tick("2027-05-04T02:20") == ["over"]
    assert scenario.runs()[0] == ("2027-05-04", "taken")
    assert scenario.tick("2027-05-04T09:00") == []


@pytest.mark.on_postgresql
def test_of_a_pattern_the_newest_date_is_taken_whatever_came_last() -> None:
    scenario = ConnectionScenario()
    connections.change(scenario.connection, by=find.user("operator"), file_name="personen_{date}.csv")
    newer = scenario.receive("2027-05-03T20:00", MORE, "personen_20270503.csv")
    older = scenario.receive("2027-05-03T21:00", PERSONS, "Personen_02-05-2027.csv")
    assert scenario.tick("2027-05-04T01:00") == ["superseded"]
    assert [scenario.state(newer), scenario.state(older)] == ["awaiting-approval", "superseded"]
    corrected = scenario.receive("2027-05-04T20:00", OTHERS, "personen_20270503.csv")
    assert scenario.tick("2027-05-05T01:00") == []
    assert [scenario.state(newer), scenario.state(corrected)] == ["superseded", "awaiting-approval"]


def test_names_that_fit_two_patterns_are_refused_where_they_are_agreed() -> None:
    scenario = ConnectionScenario()
    given = {"by": find.user("operator"), "account": scenario.account.name}
    connections.change(scenario.connection, by=find.user("operator"), file_name="personen_{date}.csv")
    with pytest.raises(NotAllowed, match="can fit both"):
        connections.add("twee", scenario.customer.record, **given, file_name="personen_*.csv")
    exact = connections.add("exact", scenario.customer.record, **given, file_name="personen_20270503.csv")
    other = connections.add("anders", scenario.customer.record, **given, file_name="bedrijven_*.csv")
    account = scenario.account
    assert find.connection_with_file(account, "PERSONEN_20270503.csv") == exact
    assert find.connection_with_file(account, "personen_2027-05-04.csv") == scenario.connection
    assert find.connection_with_file(account, "bedrijven_x.csv") == other
    assert find.connection_with_file(account, "personen_morgen.csv") is None
    Connection.objects.filter(pk=other.pk).update(file_name="*.csv")
    assert find.connection_with_file(account, "personen_2027-05-04.csv") is None, "a person decides"
