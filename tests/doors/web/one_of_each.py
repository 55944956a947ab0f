"""Fixtures for the tables of who may go where: a customer with one of each thing, whose tests are rolled back."""

from typing import Final

import pytest
from django.utils import timezone
from tests.doors.web.routes import REMOVED
from tests.doors.web.web_customer import ANNA, BAD_DATE, COMPANY, WebCustomer

from instroom.flow import find
from instroom.flow.connections import connections
from instroom.flow.delivery.reports import make_asked
from instroom.flow.file_server import accounts, failed_attempts
from instroom.flow.file_server.failed_attempts import SIGN_IN_CAUSES, UPLOAD_CAUSES
from instroom.flow.news.events import write
from instroom.flow.people import api_tokens
from instroom.flow.people.invitations import invite
from instroom.flow.webhooks import manage as webhooks
from instroom.store.models import Connection, Delivery, Mail, WebhookCall

CALL_ID: Final = "0193e7a0-0000-7000-8000-00000000000a"


@pytest.fixture(scope="module")
def customer(shared_customer: WebCustomer) -> WebCustomer:
    """The customer `ons`."""
    return shared_customer


@pytest.fixture(scope="module")
def other_customer(other_shared_customer: WebCustomer) -> WebCustomer:
    """Another customer, `ander`."""
    return other_shared_customer


@pytest.fixture(scope="module")
def delivery(customer: WebCustomer) -> Delivery:
    """One that waits for approval, with a finding.

    Beside it: the connection `nacht`, and one that has been removed; the account `hr`; the webhook `crm` with a call; a
    token of the supplier; an invitation whose mail failed.
    """
    ons, operator = find.customer("ons"), find.user("ons-operator")
    connections.add("nacht", ons, by=operator, schedule="daily 01:00")
    Connection.ever.create(id=REMOVED, customer=ons, name="oud", removed_at=timezone.now())
    account = accounts.add("hr", ons, "een-lang-woord-7", by=operator)
    for cause in (*SIGN_IN_CAUSES, *UPLOAD_CAUSES):
        failed_attempts.remember(account.pk, cause, address="192.0.2.1", file_name="personen.csv", in_row=False)
    made = webhooks.add("crm", ons, by=operator, address="https://crm.voorbeeld.example/")
    write(made.webhook, "ping", {})
    WebhookCall.objects.update(id=CALL_ID)
    api_tokens.add(ons, "HR-systeem", ["read"], by=find.user("ons-supplier"))
    invite(ons, "nieuw@voorbeeld.example", ["reader"], "nl", by=operator)
    Mail.objects.update(given_up_at=timezone.now())
    one = customer.deliver(ANNA | COMPANY, BAD_DATE, on_error="skip", skip_limit_percent=60)  # type: ignore[arg-type]
    make_asked()
    return one
