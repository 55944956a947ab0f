"""Who gets which mails of a connection, and the daily overview that gathers them (product.md E4)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection as database
from django.db.models import QuerySet
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.flow import find
from instroom.flow.connections import connections
from instroom.flow.mails import daily_overviews
from instroom.flow.news import notifications
from instroom.flow.news.mail_choice import KINDS, NEVER_OFF, URGENT, chosen_kind, held_until
from instroom.flow.people import members
from instroom.store.models import Connection, Delivery, Mail, Role, User
from tests.contracts.connection_scenario import PERSONS, ConnectionScenario
from tests.contracts.customer import person

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise

OTHERS = [person(str(number), job="Bakker") for number in range(1, 11)]
BAD = [person("1", born="31-02-1980")]


def told() -> list[tuple[str, str]]:
    """What has been written since this was last asked: kind and to whom; what waits for the overview in brackets."""
    mails = [
        (f"({mail.kind})" if mail.held_until else mail.kind, mail.to.partition("@")[0])
        for mail in Mail.objects.order_by("made_at", "pk")
        if not mail.gathered_in_id
    ]
    Mail.objects.all().delete()
    return sorted(mails)


@pytest.fixture
def night() -> Iterator[ConnectionScenario]:
    """With a second supplier and a second approver."""
    scenario = ConnectionScenario()
    for name, role in (("tweede", Role.SUPPLIER), ("hoofd", Role.APPROVER)):
        user = User.objects.create(username=name, email=f"{name}@voorbeeld.example")
        Role.objects.create(customer=scenario.customer.record, user=user, name=role)
    yield scenario
    Mail.objects.all().delete()


def choose(night: ConnectionScenario, **mails: Any) -> None:
    connections.change(night.connection, mails=mails, by=find.user("operator"))
    told()


def deliver(night: ConnectionScenario, day: int = 4, rows: Any = PERSONS) -> Delivery:
    """A file that is looked at at its hour."""
    file = night.receive(f"2027-05-{day:02}T00:30", rows)
    night.tick(f"2027-05-{day:02}T01:00")
    file.refresh_from_db()
    return file


def gather(after: timedelta = timedelta(days=1)) -> None:
    daily_overviews.gather_due(timezone.now() + after)


CHOSEN: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "nobody: everybody whose role gets them": (
        {},
        [("awaiting-approval", "approver"), ("awaiting-approval", "hoofd"), ("checked", "supplier"),
         ("checked", "tweede")],
    ),
    "one of each role": (
        {"people": ["tweede", "hoofd"]},
        [("awaiting-approval", "hoofd"), ("checked", "tweede")],
    ),
    "nobody who may decide: whoever may is asked all the same": (
        {"people": ["tweede"]},
        [("awaiting-approval", "approver"), ("awaiting-approval", "hoofd"), ("checked", "tweede")],
    ),
    "a kind that is off": (
        {"off": ["checked", "received"]},
        [("awaiting-approval", "approver"), ("awaiting-approval", "hoofd")],
    ),
    "an overview: what is urgent does not wait": (
        {"overview_at": "17:00", "people": ["hoofd", "supplier"]},
        [("(checked)", "supplier"), ("awaiting-approval", "hoofd")],
    ),
    "an overview of all": (
        {"overview_at": "17:00", "people": ["hoofd", "supplier"], "at_once": []},
        [("(awaiting-approval)", "hoofd"), ("(checked)", "supplier")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CHOSEN)
def test_who_gets_which_mail_and_when(night: ConnectionScenario, case: str) -> None:
    mails, expected = CHOSEN[case]
    choose(night, **mails)
    deliver(night)
    assert [one for one in told() if "received" not in one[0]] == expected


def test_a_chosen_person_without_a_role_or_an_address_takes_no_news_along(night: ConnectionScenario) -> None:
    choose(night, people=["hoofd", "tweede"])
    User.objects.filter(username="hoofd").update(email="")
    members.set_roles(night.customer.record, find.user("tweede"), [], by=find.user("operator"))
    told()
    deliver(night)
    assert [one for one in told() if "received" not in one[0]] == [
        ("awaiting-approval", "approver"),
        ("checked", "supplier"),
    ]


def test_late_and_missing_go_to_the_chosen_and_what_is_off_ends_unsaid(night: ConnectionScenario) -> None:
    choose(night, people=["operator"], off=["late"])
    night.tick("2027-05-04T02:30")
    assert told() == []
    night.tick("2027-05-04T07:30")
    assert told() == [("missing", "operator")]
    choose(night, off=["late", "missing"])
    deliver(night, day=4)
    assert "over" not in [kind for kind, _ in told()]


def test_a_failure_always_reaches_an_operator(night: ConnectionScenario) -> None:
    choose(night, people=["tweede"])
    file = night.receive("2027-05-04T00:30")
    Delivery.objects.filter(pk=file.pk).update(state="checking", waits_for="", crashes=3)
    night.customer.carry_on(file)
    assert [one for one in told() if one[0] == "failed"] == [("failed", "operator"), ("failed", "tweede")]


def test_every_mail_of_a_delivery_can_be_chosen_and_none_that_asks_for_a_decision_be_off_or_wait() -> None:
    assert {chosen_kind(kind) for kind in notifications._TOLD} <= set(KINDS)
    assert {chosen_kind(kind) for kind in notifications._DECIDED} == {"awaiting-approval", "held"} <= set(NEVER_OFF)


@pytest.mark.parametrize(
    ("mails", "code"),
    [({"off": [kind]}, "mails-off") for kind in (*NEVER_OFF, "nonsense")]
    + [({"at_once": ["over"]}, "mails-at-once"), ({"people": ["reader"]}, "mails-person")]
    + [({"people": ["nobody"]}, "mails-person"), ({"overview_at": "24:00"}, "policy-time")],
)  # fmt: skip
def test_what_cannot_be_chosen(night: ConnectionScenario, mails: dict[str, Any], code: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        choose(night, **mails)
    assert caught.value.code == code


def test_a_choice_can_be_changed_beside_a_chosen_person_who_has_left(night: ConnectionScenario) -> None:
    choose(night, people=["tweede"])
    members.set_roles(night.customer.record, find.user("tweede"), [], by=find.user("operator"))
    choose(night, people=["tweede"], off=["received"])
    assert night.connection.mails == {"people": ["tweede"], "off": ["received"]}


def test_only_what_differs_from_the_usual_is_stored(night: ConnectionScenario) -> None:
    choose(night, people=[], off=[], overview_at="", at_once=list(URGENT))
    assert night.connection.mails == {}
    choose(night, people=["tweede", "hoofd", "hoofd"], off=[kind for kind in reversed(KINDS) if kind not in NEVER_OFF])
    assert night.connection.mails["people"] == ["hoofd", "tweede"]
    assert night.connection.mails["off"][0] == "missing"


@pytest.mark.parametrize(
    ("at", "now", "expected"),
    [
        ("17:00", "2027-05-04T14:59Z", "2027-05-04T15:00Z"),
        ("17:00", "2027-05-04T15:00Z", "2027-05-05T15:00Z"),
        ("02:30", "2027-03-27T12:00Z", "2027-03-28T01:30Z"),  # the clock skips 02:30: it is 03:30
        ("02:30", "2027-10-30T12:00Z", "2027-10-31T00:30Z"),  # the first of the two
        ("02:30", "2027-10-31T00:30Z", "2027-11-01T01:30Z"),  # and not the second one
    ],
)
def test_the_time_of_an_overview_is_on_the_clock_of_the_connection(at: str, now: str, expected: str) -> None:
    one = Connection(zone="Europe/Amsterdam", mails={"overview_at": at})
    assert held_until(one, "imported", datetime.fromisoformat(now)) == datetime.fromisoformat(expected)


@pytest.mark.on_postgresql
def test_an_overview_has_one_paragraph_for_each_delivery_the_most_urgent_first(night: ConnectionScenario) -> None:
    other = connections.add("dag", night.customer.record, by=find.user("operator"))
    choose(night, overview_at="17:00", at_once=[], people=["supplier", "hoofd"])
    connections.change(other, mails={"overview_at": "18:00", "at_once": []}, by=find.user("operator"))
    good, bad = deliver(night), deliver(night, 5, BAD)
    night.customer.approve(good)
    night.customer.deliver(OTHERS, connection="dag")
    gather()
    mail = Mail.objects.get(kind="daily-overview", to="supplier@voorbeeld.example")
    subjects = [line for line in mail.text.splitlines() if line.startswith("* ")]
    assert subjects == ["* Afgekeurd: personen.csv", "* Geïmporteerd: personen.csv"]
    assert mail.subject == f"Overzicht van {night.customer.record.title}: afgekeurd (1), geïmporteerd (1)"
    for file in (good, bad):
        assert f"/deliveries/{file.pk}" in mail.text
        assert f"/deliveries/{file.pk}" in mail.html
    assert "Personen: 10 nieuw" in mail.text
    assert not Mail.objects.filter(held_until__isnull=False, gathered_in=None).exists()


def test_what_somebody_else_has_decided_is_not_asked_any_more(night: ConnectionScenario) -> None:
    choose(night, overview_at="17:00", at_once=[])
    night.customer.approve(deliver(night))
    gather()
    for mail in Mail.objects.filter(
        kind="daily-overview", to__in=("hoofd@voorbeeld.example", "approver@voorbeeld.example")
    ):
        assert "* Geïmporteerd: personen.csv" in mail.text
        assert "was: Wacht op akkoord: personen.csv. Daarna is er meer gebeurd." in mail.text
        assert "voordat u akkoord geeft" not in mail.text
        assert mail.subject.endswith(": geïmporteerd (1)")


def test_an_overview_comes_once_and_not_before_its_time(night: ConnectionScenario) -> None:
    choose(night, overview_at="17:00")
    deliver(night)
    daily_overviews.gather_due()
    assert not Mail.objects.filter(kind="daily-overview").exists()
    gather()
    gather()
    assert sorted(Mail.objects.filter(kind="daily-overview").values_list("to", flat=True)) == [
        "supplier@voorbeeld.example", "tweede@voorbeeld.example",
    ]  # fmt: skip


@pytest.mark.on_postgresql
def test_of_several_workers_one_writes_the_overview(night: ConnectionScenario) -> None:
    choose(night, overview_at="17:00", people=["supplier", "hoofd"])
    deliver(night)
    ready = Barrier(3)

    def work() -> None:
        ready.wait()
        gather()
        database.close()

    workers = [Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Mail.objects.filter(kind="daily-overview").count() == 1


@pytest.mark.on_postgresql
def test_one_that_breaks_off_is_begun_anew(night: ConnectionScenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that an overview writes is one transaction: after any kill there is all of it, or nothing."""
    choose(night, overview_at="17:00", people=["supplier", "hoofd"])
    deliver(night)
    before = set(Mail.objects.values_list("pk", flat=True))
    update = Mail.objects.all().__class__.update

    def killed(*args: Any, **values: Any) -> int:
        if "gathered_in" in values:
            raise KeyboardInterrupt
        return update(*args, **values)

    monkeypatch.setattr("django.db.models.query.QuerySet.update", killed)
    with pytest.raises(KeyboardInterrupt):
        gather()
    assert set(Mail.objects.values_list("pk", flat=True)) == before
    monkeypatch.undo()
    gather()
    assert Mail.objects.filter(kind="daily-overview").count() == 1


def say(mails: QuerySet[Mail], facts: dict[str, Any]) -> None:
    for one in mails:
        one.facts = facts
        one.save(update_fields=["facts"])


@pytest.mark.parametrize(("broken", "other"), [("supplier", "tweede"), ("tweede", "supplier")])
def test_an_overview_that_cannot_be_written_holds_up_no_other(
    night: ConnectionScenario, broken: str, other: str
) -> None:
    """Such as one of which a newer version says more than was kept of it."""
    choose(night, overview_at="17:00")
    deliver(night)
    held = Mail.objects.filter(user__username=broken, held_until__isnull=False)
    say(held, {"link": ""})
    gather()
    assert Mail.objects.get(kind="daily-overview").user == find.user(other)
    say(held, {"name": "", "Name": "", "customer": "", "link": "", "until": "", "lines": []})
    gather()
    assert Mail.objects.filter(kind="daily-overview", user=find.user(broken)).count() == 1


def test_what_is_held_comes_though_the_overview_is_switched_off(night: ConnectionScenario) -> None:
    choose(night, overview_at="17:00", people=["supplier", "hoofd"])
    deliver(night)
    connections.change(night.connection, mails={}, by=find.user("operator"))
    gather()
    assert Mail.objects.get(kind="daily-overview").gathered.count() == 2


def test_what_is_held_for_who_has_left_comes_to_the_operators(night: ConnectionScenario) -> None:
    choose(night, overview_at="17:00", people=["supplier", "hoofd"])
    deliver(night)
    members.set_roles(night.customer.record, find.user("supplier"), [], by=find.user("operator"))
    gather()
    mail = Mail.objects.get(kind__startswith="daily-overview")
    assert (mail.kind, mail.to) == ("daily-overview-passed-on", "operator@voorbeeld.example")
    assert "Deze berichten waren voor supplier" in mail.text


def test_what_a_person_may_not_decide_any_more_comes_to_the_operators(night: ConnectionScenario) -> None:
    choose(night, overview_at="17:00", people=["supplier", "hoofd"], at_once=[])
    deliver(night)
    members.set_roles(night.customer.record, find.user("hoofd"), ["reader"], by=find.user("operator"))
    gather()
    assert Mail.objects.get(kind="daily-overview-passed-on").to == "operator@voorbeeld.example"


def test_an_overview_goes_to_the_address_that_the_person_has_by_then(night: ConnectionScenario) -> None:
    choose(night, overview_at="17:00", people=["supplier", "hoofd"])
    deliver(night)
    User.objects.filter(username="supplier").update(email="nieuw@voorbeeld.example")
    gather()
    assert Mail.objects.get(kind="daily-overview").to == "nieuw@voorbeeld.example"


def test_where_nobody_can_have_it_it_is_seen_among_the_mails(night: ConnectionScenario) -> None:
    choose(night, overview_at="17:00", people=["supplier", "hoofd"])
    deliver(night)
    User.objects.update(email="")
    gather()
    assert not Mail.objects.filter(kind__startswith="daily-overview").exists()
    assert Mail.objects.filter(given_up_at__isnull=False).count() == 2
