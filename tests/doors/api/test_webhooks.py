"""Webhooks by a program (product.md E4)."""

import json
from typing import Any, get_args

import pytest
from django.test import Client
from tests.doors.api.programs import program, token_of
from tests.doors.web.web_customer import ANNA, WebCustomer

from instroom.doors.api.webhooks.schemas import Event, WebhookAttempt
from instroom.flow.news.events import EVENTS
from instroom.flow.webhooks.posting import FAILURES
from instroom.store.models import AuditEntry, Webhook

BASE = "/api/v1/customers/ons/webhooks"
CRM = {"name": "crm", "address": "https://crm.voorbeeld.example/in?sleutel=van-hen", "events": ["delivery.imported"]}


@pytest.fixture
def client(customer: WebCustomer) -> Client:
    """A program of the operator."""
    return program(token_of(customer, "operator", "configure"))


def send(client: Client, method: str, address: str, body: Any) -> tuple[int, dict[str, Any]]:
    """Ask with JSON."""
    response = getattr(client, method)(address, json.dumps(body).encode(), "application/json")
    return response.status_code, response.json()


def test_a_webhook_is_made_changed_stopped_and_removed(client: Client) -> None:
    status, made = send(client, "post", BASE, CRM)
    assert (status, made["state"], made["events"]) == (201, "ready", ["delivery.imported"])
    assert made["address"] == "https://crm.voorbeeld.example/in"
    assert made["secret"].startswith("whsec_")
    _, changed = send(client, "patch", f"{BASE}/crm", {"events": ["delivery.failed", "delivery.held"]})
    assert changed["events"] == ["delivery.held", "delivery.failed"]
    assert Webhook.objects.get().address == CRM["address"]
    assert "secret" not in changed
    assert client.post(f"{BASE}/crm/pause").json()["state"] == "paused"
    assert client.post(f"{BASE}/crm/test").status_code == 409
    assert client.post(f"{BASE}/crm/resume").json()["state"] == "ready"
    new = client.post(f"{BASE}/crm/secret").json()
    assert new["secret"] not in (made["secret"], "")
    assert new["old_secret_until"] > new["made_at"]
    assert client.delete(f"{BASE}/crm").status_code == 204
    assert client.get(BASE).json() == {"webhooks": []}
    assert [one.action for one in AuditEntry.objects.filter(action__startswith="webhook").order_by("pk")] == [
        "webhook-added",
        "webhook-changed",
        "webhook-paused",
        "webhook-resumed",
        "webhook-secret-made",
        "webhook-removed",
    ]
    assert "van-hen" not in str([one.facts for one in AuditEntry.objects.all()])


def test_a_change_of_one_setting_leaves_the_others(client: Client) -> None:
    _, made = send(client, "post", BASE, CRM | {"events": None})
    assert made["events"] == list(EVENTS)
    _, changed = send(client, "patch", f"{BASE}/crm", {"address": None, "events": ["delivery.held"]})
    _, changed = send(client, "patch", f"{BASE}/crm", {"address": changed["address"], "events": None})
    assert changed["events"] == ["delivery.held"]
    assert send(client, "patch", f"{BASE}/crm", {"name": "ander"})[1]["name"] == "ander"
    assert Webhook.objects.get().address == CRM["address"]  # with what an answer leaves out


def test_its_calls_come_in_pages_with_their_attempts(client: Client, customer: WebCustomer) -> None:
    send(client, "post", BASE, {**CRM, "events": list(EVENTS)})
    delivery = customer.deliver(ANNA)
    first = client.get(f"{BASE}/crm/calls?limit=1").json()
    (newest,) = first["calls"]
    assert (newest["event"], newest["state"], newest["attempts"]) == ("delivery.awaiting_approval", "waiting", [])
    assert newest["delivery"] == str(delivery.pk)
    second = client.get(f"{BASE}/crm/calls?cursor={first['next']}").json()
    assert ([one["event"] for one in second["calls"]], second["next"]) == (["delivery.received"], None)
    again = client.post(f"{BASE}/crm/calls/{newest['id']}/send-again")
    assert (again.status_code, again.json()["id"]) == (202, newest["id"])
    assert client.get(f"{BASE}/crm").json()["waiting"] == 2


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"address": "http://crm.voorbeeld.example/"}, 409),
        ({"address": "https://naam:woord@crm.voorbeeld.example/"}, 409),
        ({"address": "https://crm.voorbeeld.example/#deel"}, 409),
        ({"address": "https://crm.voorbeeld.example:99999/"}, 409),
        ({"address": "https://[::1/"}, 409),
        ({"address": "https:///pad"}, 409),
        ({"address": "ftp://crm.voorbeeld.example/"}, 422),
        ({"address": "https://crm.voorbeeld.example/een woord"}, 422),
        ({"address": "https://" + "x" * 500}, 422),
        ({"events": []}, 422),
        ({"events": ["delivery.eaten"]}, 422),
        ({"name": "Met Hoofdletter"}, 422),
        ({"secret": "whsec_"}, 422),
    ],
)
def test_what_cannot_be_is_refused(client: Client, wanted: dict[str, Any], status: int) -> None:
    assert send(client, "post", BASE, {**CRM, **wanted})[0] == status
    assert not Webhook.objects.exists()


def test_a_name_is_taken_once_and_there_is_an_end_to_them(client: Client) -> None:
    assert send(client, "post", BASE, CRM)[0] == 201
    assert send(client, "post", BASE, CRM)[0] == 409
    for number in range(19):
        assert send(client, "post", BASE, {**CRM, "name": f"nog-{number}"})[0] == 201
    assert send(client, "post", BASE, {**CRM, "name": "te-veel"})[0] == 409


def test_the_document_knows_every_event_and_failure() -> None:
    assert get_args(Event) == EVENTS
    failure = WebhookAttempt.model_fields["failure"].annotation
    assert get_args(get_args(failure)[0]) == FAILURES
