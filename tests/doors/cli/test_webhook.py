"""`instroom webhook` as a person and a program use it."""

import json

import pytest
from tests.commands import Run

from instroom.flow.operations.init import DEMO_USERS, add_customer
from instroom.store.models import WebhookCall

ADDRESS = "https://crm.voorbeeld.example/in?sleutel=van-hen"


@pytest.fixture(autouse=True)
def customer(empty_database: None) -> None:
    """The customer `demo`."""
    add_customer("demo", "Demo", DEMO_USERS)


def test_a_webhook_from_its_making_to_its_end(run: Run) -> None:
    assert "`instroom webhook add" in run("webhook", "list").err
    made = run("webhook", "add", "crm", "--address", ADDRESS, "--event", "delivery.imported")
    assert (made.code, made.out[:6]) == (0, "whsec_")
    assert "alleen nu te zien" in made.err
    changed = run("webhook", "change", "crm", "--event", "delivery.held", "--lang", "en")
    assert changed.out == "crm: in use; https://crm.voorbeeld.example/in; waiting: 0, given up: 0\n"
    assert run("webhook", "pause", "crm").out.startswith("crm: gepauzeerd;")
    refused = run("webhook", "test", "crm")
    assert (refused.code, "hervat hem eerst" in refused.err) == (1, True)
    assert run("webhook", "resume", "crm").out.startswith("crm: in gebruik;")
    (listed,) = json.loads(run("webhook", "list", "--format", "json").out)["webhooks"]
    assert (listed["events"], listed["state"]) == (["delivery.held"], "ready")
    renewed = json.loads(run("webhook", "secret", "crm", "--format", "json").out)
    assert renewed["secret"] != made.out.strip()
    assert run("webhook", "remove", "crm").code == 0
    gone = run("webhook", "calls", "crm")
    assert (gone.code, "demo heeft geen webhook crm" in gone.err) == (2, True)


def test_calls_are_shown_and_sent_again(run: Run) -> None:
    run("webhook", "add", "crm", "--address", "https://nergens.invalid/")
    assert "`instroom webhook test crm`" in run("webhook", "calls", "crm").err
    call = run("webhook", "test", "crm").out.strip()
    run("worker", "--once")
    shown = run("webhook", "calls", "crm").out
    assert shown.startswith(call)
    assert "ping: wacht" in shown
    assert "no-host" in shown
    (told,) = json.loads(run("webhook", "calls", "crm", "--format", "json").out)["calls"]
    assert (told["id"], told["attempts"][0]["failure"]) == (call, "no-host")
    assert run("webhook", "replay", "crm", call).code == 0
    assert WebhookCall.objects.get().attempts == 0
    assert run("webhook", "replay", "crm", "niets").code == 2


def test_what_may_not_be_is_refused(run: Run) -> None:
    for address in ("http://crm.voorbeeld.example/", "crm.voorbeeld.example"):
        refused = run("webhook", "add", "crm", "--address", address)
        assert (refused.code, "https://" in refused.err) == (1, True)
    assert run("webhook", "add", "crm", "--address", ADDRESS, "--by", "supplier").code == 1
