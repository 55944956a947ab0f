"""`instroom webhook` as a person and a program use it."""

import json

import pytest
from tests.conftest import Run

from instroom.flow.operations.init import DEMO_USERS, add_customer
from instroom.store.models import WebhookCall

ADDRESS = "https://crm.voorbeeld.example/in?sleutel=van-hen"


@pytest.fixture(autouse=True)
def customer(empty_database: None) -> None:
    """The customer `demo`."""
    add_customer("demo", "Demo", DEMO_USERS)


def test_a_webhook_from_its_making_to_its_end(run_instroom: Run) -> None:
    assert "`instroom webhook add" in run_instroom("webhook", "list").stderr
    made = run_instroom("webhook", "add", "crm", "--address", ADDRESS, "--event", "delivery.imported")
    assert (made.returncode, made.stdout[:6]) == (0, "whsec_")
    assert "alleen nu te zien" in made.stderr
    changed = run_instroom("webhook", "change", "crm", "--event", "delivery.held", "--lang", "en")
    assert changed.stdout == "crm: in use; https://crm.voorbeeld.example/in; waiting: 0, given up: 0\n"
    assert run_instroom("webhook", "pause", "crm").stdout.startswith("crm: gepauzeerd;")
    refused = run_instroom("webhook", "test", "crm")
    assert (refused.returncode, "hervat hem eerst" in refused.stderr) == (1, True)
    assert run_instroom("webhook", "resume", "crm").stdout.startswith("crm: in gebruik;")
    (listed,) = json.loads(run_instroom("webhook", "list", "--format", "json").stdout)["webhooks"]
    assert (listed["events"], listed["state"]) == (["delivery.held"], "ready")
    renewed = json.loads(run_instroom("webhook", "secret", "crm", "--format", "json").stdout)
    assert renewed["secret"] != made.stdout.strip()
    assert run_instroom("webhook", "remove", "crm").returncode == 0
    gone = run_instroom("webhook", "calls", "crm")
    assert (gone.returncode, "demo heeft geen webhook crm" in gone.stderr) == (2, True)


def test_calls_are_shown_and_sent_again(run_instroom: Run) -> None:
    run_instroom("webhook", "add", "crm", "--address", "https://nergens.invalid/")
    assert "`instroom webhook test crm`" in run_instroom("webhook", "calls", "crm").stderr
    call = run_instroom("webhook", "test", "crm").stdout.strip()
    run_instroom("worker", "--once")
    shown = run_instroom("webhook", "calls", "crm").stdout
    assert shown.startswith(call)
    assert "ping: wacht" in shown
    assert "no-host" in shown
    (told,) = json.loads(run_instroom("webhook", "calls", "crm", "--format", "json").stdout)["calls"]
    assert (told["id"], told["attempts"][0]["failure"]) == (call, "no-host")
    assert run_instroom("webhook", "replay", "crm", call).returncode == 0
    assert WebhookCall.objects.get().attempts == 0
    assert run_instroom("webhook", "replay", "crm", "niets").returncode == 2


def test_what_may_not_be_is_refused(run_instroom: Run) -> None:
    for address in ("http://crm.voorbeeld.example/", "crm.voorbeeld.example"):
        refused = run_instroom("webhook", "add", "crm", "--address", address)
        assert (refused.returncode, "https://" in refused.stderr) == (1, True)
    assert run_instroom("webhook", "add", "crm", "--address", ADDRESS, "--by", "supplier").returncode == 1
