"""Fixtures for the tables of who may go where: a customer with one of each thing, whose tests are rolled back."""

from typing import Final

import pytest
from django.utils import timezone
from tests.doors.web.desk import ANNA, BAD_DATE, COMPANY, Desk

from instroom.flow import find
from instroom.flow.connections import connections
from instroom.flow.file_server import accounts
from instroom.flow.news.events import write
from instroom.flow.people.invitations import invite
from instroom.flow.webhooks import manage as webhooks
from instroom.store.models import Delivery, Mail, WebhookCall

CALL_ID: Final = "0193e7a0-0000-7000-8000-00000000000a"


@pytest.fixture(scope="module")
def desk(shared_desk: Desk) -> Desk:
    """The customer `ons`."""
    return shared_desk


@pytest.fixture(scope="module")
def other_desk(other_shared_desk: Desk) -> Desk:
    """Another customer, `ander`."""
    return other_shared_desk


@pytest.fixture(scope="module")
def delivery(desk: Desk) -> Delivery:
    """One that waits for approval, with a finding.

    Beside it: the connection `nacht`, the account `hr`, the webhook `crm` with a call, an invitation whose mail failed.
    """
    customer, operator = find.customer("ons"), find.user("ons-operator")
    connections.add("nacht", customer, by=operator, schedule="daily 01:00")
    accounts.add("hr", customer, "een-lang-woord-7", by=operator)
    made = webhooks.add("crm", customer, by=operator, address="https://crm.voorbeeld.example/")
    write(made.webhook, "ping", {})
    WebhookCall.objects.update(id=CALL_ID)
    invite(customer, "nieuw@voorbeeld.example", ["reader"], "nl", by=operator)
    Mail.objects.update(given_up_at=timezone.now())
    return desk.deliver(ANNA | COMPANY, BAD_DATE, on_error="skip", skip_limit_percent=60)  # type: ignore[arg-type]
