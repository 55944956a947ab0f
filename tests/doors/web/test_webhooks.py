"""The pages of webhooks: operators make, try and stop them, suppliers look (product.md E4)."""

import html
import re

import pytest
from django.test import Client
from tests.doors.web.web_customer import ANNA, WebCustomer

from instroom.flow import find
from instroom.flow.news.events import EVENTS, write
from instroom.flow.webhooks import manage
from instroom.store.models import AuditEntry, Webhook, WebhookAttempt, WebhookCall

BASE = "/customers/ons/webhooks"
ADDRESS = "https://crm.voorbeeld.example/in/haak-van-ons?sleutel=van-hen"
FORM = {"name": "crm", "address": ADDRESS, "event": list(EVENTS)}


@pytest.fixture
def operator(customer: WebCustomer) -> Client:
    """The operator's browser."""
    return customer.signed_in("operator")


@pytest.fixture
def crm(customer: WebCustomer) -> Webhook:
    """A webhook that is told of everything."""
    return manage.add("crm", find.customer("ons"), by=find.user("ons-operator"), address=ADDRESS).webhook


def words(response: object) -> str:
    """What a page says."""
    return html.unescape(response.content.decode())  # type: ignore[attr-defined]


def test_the_secret_is_shown_once(operator: Client) -> None:
    made = words(operator.post("/customers/ons/add-webhook", FORM))
    (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]{44}", made)
    assert Webhook.objects.get().address == ADDRESS
    assert secret not in words(operator.get(f"{BASE}/crm"))
    renewed = words(operator.post(f"{BASE}/crm/secret"))
    assert re.findall(r"whsec_\S{44}", renewed) != [secret]
    assert "whsec_" in renewed
    assert "whsec_" not in str([one.facts for one in AuditEntry.objects.all()])


def test_what_was_typed_stays_with_what_is_wrong(operator: Client) -> None:
    answer = operator.post("/customers/ons/add-webhook", {**FORM, "address": "http://crm.voorbeeld.example/"})
    assert answer.status_code == 400
    assert 'value="http://crm.voorbeeld.example/"' in words(answer)
    assert "begins with https://" in words(answer)
    answer = operator.post("/customers/ons/add-webhook", {**FORM, "event": []})
    assert (answer.status_code, "checked" in words(answer)) == (400, False)


def test_it_is_changed_paused_resumed_tried_and_removed(operator: Client, crm: Webhook) -> None:
    assert ADDRESS in words(operator.get(f"{BASE}/crm/change"))
    change = {"address": "https://elders.voorbeeld.example/", "event": ["delivery.held", "no.such"]}
    assert "Saved." in words(operator.post(f"{BASE}/crm/change", change, follow=True))
    crm.refresh_from_db()
    assert (crm.address, crm.events) == ("https://elders.voorbeeld.example/", ["delivery.held"])
    assert operator.post(f"{BASE}/crm/change", {**change, "name": "ander"}).headers["Location"] == f"{BASE}/ander"
    assert operator.post(f"{BASE}/ander/change", {**change, "name": "crm"}).headers["Location"] == f"{BASE}/crm"
    assert "Paused" in words(operator.post(f"{BASE}/crm/pause", follow=True))
    assert "resume it first" in words(operator.post(f"{BASE}/crm/test", follow=True))
    operator.post(f"{BASE}/crm/resume")
    assert "A test message" in words(operator.post(f"{BASE}/crm/test", follow=True))
    operator.post(f"{BASE}/crm/remove")
    assert "no webhooks yet" in words(operator.get(BASE))


def test_a_call_is_shown_with_its_attempts_and_sent_again(
    operator: Client, crm: Webhook, customer: WebCustomer
) -> None:
    customer.deliver(ANNA)
    call = WebhookCall.objects.get(event="delivery.awaiting_approval")
    WebhookCall.objects.filter(pk=call.pk).update(attempts=2, given_up_at=call.made_at)
    for status, failure in ((503, ""), (None, "timeout")):
        WebhookAttempt.objects.create(call=call, at=call.made_at, status=status, failure=failure, milliseconds=7)
    assert "failed for good: 1" in words(operator.get(BASE))
    page = words(operator.get(f"{BASE}/crm/calls/{call.pk}"))
    assert "Response 503 Service Unavailable" in page
    assert "No response in time" in page
    assert call.body in page
    assert "sent again" in words(operator.post(f"{BASE}/crm/calls/{call.pk}/again", follow=True))
    call.refresh_from_db()
    assert (call.given_up_at, call.attempts) == (None, 0)


def test_a_supplier_looks_and_changes_nothing(customer: WebCustomer, crm: Webhook) -> None:
    call = write(crm, "ping", {})
    supplier = customer.signed_in("supplier")
    assert f'href="{BASE}"' in words(supplier.get("/customers/ons/connections"))
    for path in (BASE, f"{BASE}/crm", f"{BASE}/crm/calls/{call.pk}"):
        page = words(supplier.get(path))
        assert not re.search(rf'action="{BASE}|add-webhook|/change', page)
        assert "van-hen" not in page
        assert "haak-van-ons" not in page
    assert "https://crm.voorbeeld.example/in/h…" in words(supplier.get(BASE))
    assert "haak-van-ons" in words(customer.signed_in("operator").get(f"{BASE}/crm"))


def test_long_lists_come_in_pages(operator: Client, crm: Webhook) -> None:
    for _ in range(51):
        write(crm, "ping", {})
    assert words(operator.get(f"{BASE}/crm")).count("A test message") == 50
    assert words(operator.get(f"{BASE}/crm?page=2")).count("A test message") == 1
