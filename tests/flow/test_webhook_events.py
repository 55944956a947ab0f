"""Of what webhooks tell, once each, and what a call says; never a value of a dossier (product.md E4)."""

import ipaddress
import json
from typing import Any

import pytest
from django.test import Client
from tests.contracts.connection_scenario import PERSONS, ConnectionScenario
from tests.contracts.customer import SampleCustomer, company, person

from instroom.core.errors import NotAllowed
from instroom.flow import delivery_document, find
from instroom.flow.delivery import decide, undo
from instroom.flow.news.events import EVENTS
from instroom.flow.webhooks import manage
from instroom.flow.webhooks.destination import _is_public, destination, masked
from instroom.store.models import Connection, Delivery, User, WebhookCall

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise

IN_THE_FILE = "p@elders.example"
PERSON = person("1", email=IN_THE_FILE, first="Jip", mobile="0600000000")


@pytest.fixture
def customer() -> SampleCustomer:
    """A customer with a webhook that is told of everything."""
    made = SampleCustomer()
    listen(made)
    return made


def listen(customer: SampleCustomer, name: str = "crm", events: tuple[str, ...] = EVENTS) -> None:
    """A webhook for these events."""
    manage.add(name, customer.record, by=find.user("operator"), address="https://crm.voorbeeld.example/", events=events)


def told(name: str = "crm") -> list[str]:
    """The events that were told since this was last asked."""
    found = WebhookCall.objects.filter(webhook__name=name).order_by("pk")
    events = [call.event for call in found]
    found.delete()
    return events


def last() -> dict[str, Any]:
    """What the newest call says."""
    said: dict[str, Any] = json.loads(WebhookCall.objects.order_by("-pk")[0].body)
    return said


@pytest.mark.on_postgresql
def test_the_way_of_a_delivery_is_told(customer: SampleCustomer) -> None:
    delivery = customer.receive([PERSON | company("1", name="Een BV")])
    assert told() == ["delivery.received"]
    customer.carry_on(delivery)
    assert last()["data"]["delivery"]["state"] == "awaiting-approval"
    assert told() == ["delivery.awaiting_approval"]
    customer.approve(delivery)
    said = last()
    assert said["type"] == "delivery.imported"
    assert said["timestamp"].endswith("Z")
    assert said["data"]["delivery"] == delivery_document.document(delivery)
    assert said["data"]["delivery"]["live"]["persons"]["new"] == 1
    assert (said["data"]["customer"], said["data"]["reason"], said["data"]["undoes"]) == (customer.name, None, None)
    assert told() == ["delivery.imported"]
    undone = customer.undo(delivery)
    said = last()
    assert (said["type"], said["data"]["delivery"]["id"]) == ("delivery.undone", str(delivery.pk))
    assert told() == ["delivery.awaiting_approval", "delivery.imported", "delivery.undone"]
    assert undone.state == "imported"
    customer.undo(undone)
    said = last()
    assert (said["data"]["delivery"]["id"], said["data"]["reason"]) == (str(delivery.pk), "stands-again")
    assert told()[1:] == ["delivery.imported", "delivery.undone", "delivery.imported"]


def test_a_link_leads_to_the_page(customer: SampleCustomer) -> None:
    customer.deliver([PERSON])
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="supplier"))
    link = last()["data"]["link"]
    assert link.startswith("http://127.0.0.1:8000/")
    assert client.get(link.removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_a_rejection_is_told_with_its_reason_in_our_own_word(customer: SampleCustomer) -> None:
    customer.deliver([person("2", born="31-02-1980")])
    said = last()["data"]
    assert (said["reason"], said["delivery"]["verdict"], said["delivery"]["counts"]["errors"]) == (
        "errors",
        "errors",
        1,
    )
    assert told() == ["delivery.received", "delivery.rejected"]


def test_what_a_person_wrote_is_not_told(customer: SampleCustomer) -> None:
    decide.refuse(customer.deliver([PERSON]), "Jip werkt hier niet meer", by=find.user("approver"))
    assert last()["data"]["reason"] is None
    assert told()[-1] == "delivery.refused"


def test_a_plan_that_changed_and_a_failure_are_told(customer: SampleCustomer) -> None:
    first, second = customer.deliver([PERSON]), customer.deliver([PERSON | {"job": "Bakker"}])
    decide.approve(first, by=find.user("approver"))
    decide.approve(second, by=find.user("approver"))
    told()
    customer.carry_on(second)
    assert last()["data"]["reason"] == "live-changed"
    assert told() == ["delivery.imported", "delivery.awaiting_approval"]
    third = customer.receive([PERSON])
    Delivery.objects.filter(pk=third.pk).update(state="checking", crashes=3)
    customer.carry_on(third)
    assert last()["data"]["reason"] == "crashed"
    assert told() == ["delivery.received", "delivery.failed"]


def test_withdrawn_is_told_and_an_undo_in_training_is_not(customer: SampleCustomer) -> None:
    delivery = customer.deliver([PERSON])
    told()
    decide.withdraw(delivery, by=find.user("supplier"))
    assert told() == ["delivery.withdrawn"]
    customer.carry_on(undo.undo(delivery, by=find.user("approver")))
    assert told() == []


def test_superseded_is_told_also_of_what_nobody_looked_at() -> None:
    scenario = ConnectionScenario(begins="2027-05-03T12:00")
    listen(scenario.customer)
    older = scenario.receive("2027-05-03T20:00")
    scenario.receive("2027-05-03T21:00", [PERSON])
    told()
    scenario.tick("2027-05-04T01:00")
    call = WebhookCall.objects.get(event="delivery.superseded")
    assert json.loads(call.body)["data"]["delivery"]["id"] == str(older.pk)


def test_each_webhook_is_told_of_its_own_events_alone(customer: SampleCustomer) -> None:
    listen(customer, "kassa", ("delivery.imported", "delivery.held"))
    listen(SampleCustomer(), "ander")
    customer.import_([PERSON])
    assert told("kassa") == ["delivery.imported"]
    assert told("ander") == []


@pytest.mark.on_postgresql
def test_late_missing_and_over_are_told_once_and_again_after_a_day() -> None:
    scenario = ConnectionScenario(begins="2027-05-03T12:00")
    listen(scenario.customer)
    scenario.tick("2027-05-04T01:00")
    for at in ("2027-05-04T02:01", "2027-05-04T02:30"):
        scenario.tick(at)
    said = last()
    assert said["data"]["connection"] == {"name": "nacht", "file": "personen.csv", "due": "2027-05-03T23:00:00.000Z"}
    assert said["data"]["customer"] == scenario.customer.name
    assert told() == ["connection.late"]
    scenario.tick("2027-05-04T07:01")
    scenario.tick("2027-05-04T12:00")
    assert told() == ["connection.missing"]
    scenario.receive("2027-05-04T13:00", PERSONS)
    scenario.tick("2027-05-04T13:01")
    assert [one for one in told() if one.startswith("connection")] == ["connection.over"]


def test_the_same_file_as_last_time_and_one_outside_its_guards_are_told() -> None:
    scenario = ConnectionScenario(begins="2027-05-03T12:00", standing=True)
    listen(scenario.customer)
    first = scenario.receive("2027-05-04T00:30", PERSONS)
    scenario.tick("2027-05-04T01:00")
    scenario.customer.carry_on(first)
    scenario.customer.approve(first)
    told()
    scenario.receive("2027-05-05T00:30", PERSONS)
    scenario.tick("2027-05-05T01:00")
    assert last()["data"]["reason"] == "stale"
    assert told() == ["delivery.received", "delivery.rejected"]
    Connection.objects.update(same_is_normal=True)
    scenario.receive("2027-05-06T00:30", PERSONS)
    scenario.tick("2027-05-06T01:00")
    assert last()["data"]["reason"] == "unchanged"
    assert told() == ["delivery.received", "delivery.superseded"]
    short = scenario.receive("2027-05-07T00:30", PERSONS[:3])
    scenario.tick("2027-05-07T01:00")
    scenario.customer.carry_on(short)
    assert last()["data"]["reason"] == "guards"
    assert told() == ["delivery.received", "delivery.held"]


def test_no_call_speaks_of_the_people_in_a_file(customer: SampleCustomer) -> None:
    customer.undo(customer.import_([PERSON | company("1", name="Geheim BV")]))
    customer.deliver([PERSON | {"born": "31-02-1980"}])
    decide.refuse(customer.deliver([PERSON]), "Jip niet", by=find.user("approver"))
    bodies = [call.body for call in WebhookCall.objects.all()]
    assert len(bodies) >= 8
    for body in bodies:
        assert not any(word in body for word in ("Jip", "Voorbeeld", IN_THE_FILE, "Geheim", "31-02", "0600000000"))


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - nothing listens
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::a9fe:a9fe", False),
        ("64:ff9b::5db8:d822", True),
        ("::ffff:93.184.216.34", True),
        ("2a00:1450:400e:80c::200e", True),
        ("2001:4860:4860::8888", True),
        ("2002:7f00:1::", False),
        ("2002:5db8:d822::1", False),
        ("fec0::1", False),
        ("feff::1", False),
        ("64:ff9b:1::a00:1", False),
        ("::7f00:1", False),
        ("::93.184.216.34", False),
        ("::ffff:0:7f00:1", False),
        ("::ffff:0:93.184.216.34", False),
        ("192.88.99.1", False),
        ("192.0.0.9", False),
        ("192.31.196.1", False),
        ("192.52.193.1", False),
        ("192.175.48.1", False),
        ("198.18.0.1", False),
        ("203.0.113.1", False),
        ("240.0.0.1", False),
        ("239.1.1.1", False),
        ("100::1", False),
        ("2001::1", False),
        ("2001:20::1", False),
        ("2001:db8::1", False),
        ("2620:4f:8000::1", False),
        ("3ffe::1", False),
        ("3fff::1", False),
        ("4000::1", False),
        ("5f00::1", False),
        ("fe80::1%eth0", False),
    ],
)
def test_only_what_anybody_could_reach_is_public(address: str, public: bool) -> None:
    assert _is_public(ipaddress.ip_address(address)) is public


@pytest.mark.unstored
@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("https://crm.voorbeeld.example/services/T0/geheim?key=geheim", "https://crm.voorbeeld.example/serv…"),
        ("https://crm.voorbeeld.example:8443/geheim", "https://crm.voorbeeld.example:8443/gehe…"),
        ("https://crm.voorbeeld.example/in?key=geheim", "https://crm.voorbeeld.example/in"),
        ("https://[2a00::1]", "https://[2a00::1]"),
    ],
)
def test_of_a_path_that_is_often_a_secret_the_first_letters_are_shown(address: str, seen: str) -> None:
    assert masked(address) == seen


def test_an_address_is_taken_apart_as_it_is_sent() -> None:
    assert destination("https://[2001:db8::1]:8443/a?b=c", ()) == ("https", "2001:db8::1", 8443, "/a?b=c")
    assert destination("HTTPS://CRM.Voorbeeld.Example", ()) == ("https", "crm.voorbeeld.example", 443, "/")
    with pytest.raises(NotAllowed):
        destination("http://crm.voorbeeld.example/", ())


def test_who_may_not_manage_makes_no_webhook(customer: SampleCustomer) -> None:
    with pytest.raises(NotAllowed):
        manage.add("mijn", customer.record, by=find.user("supplier"), address="https://crm.voorbeeld.example/")
