"""Who may do what with which token (product.md G2). Every operation of the OpenAPI document stands here; one that does
not fails the test."""

import itertools
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.doors.api.programs import program, token_of
from tests.doors.web.one_of_each import CALL_ID, delivery, other_customer
from tests.doors.web.web_customer import WebCustomer

from instroom.flow.people.api_tokens import SCOPES
from instroom.flow.permissions import OF_SOURCES
from instroom.store.models import ApiToken, AttemptCounter, Delivery, Invitation, Role, User

BASE = "/api/v1/customers/{customer}"
ONE = f"{BASE}/deliveries/{{delivery_id}}"
TRAINING = {"environment": "training"}
NIGHTLY = {"name": "nacht"}
HR = {"name": "hr"}
LEFT = f"{BASE}/accounts/{{name}}/left-files/{{file_id}}"
LEFT_OF_HR = HR | {"file_id": CALL_ID}
CRM = {"name": "crm", "call_id": CALL_ID}
HOOK = f"{BASE}/webhooks/{{name}}"
INVITATION = f"{BASE}/invitations/{{invitation_id}}"
INVITED = {"email": "iemand@voorbeeld.example", "roles": ["reader"]}
MADE = {"name": "Nachtprogramma", "scopes": ["manage-tokens"]}
PROPOSAL = f"{BASE}/proposals/{{proposal_id}}"
ANY_PROPOSAL = {"proposal_id": CALL_ID}
NO_DIGEST = "0" * 64
MORE = {"name": "meer", "address": "https://meer.voorbeeld.example/"}


class Operation(NamedTuple):
    """How an operation is asked for, what it takes, and what it gives who may."""

    method: str
    path: str
    scope: str
    values: dict[str, str] = {}
    query: str = ""
    body: Any = None
    gives: int = 200


NO_PERSON = {"kind": "person", "source": "HR", "extern_id": "p-9"}
OPERATIONS = {
    "get_me": Operation("get", "/api/v1/me", ""),
    "deliver_file": Operation("post", f"{BASE}/deliveries", "deliver", body="file", gives=201),
    "check_file": Operation("post", f"{BASE}/deliveries/check", "deliver", body="file"),
    "list_deliveries": Operation("get", f"{BASE}/deliveries", "read"),
    "get_delivery": Operation("get", ONE, "read"),
    "get_timeline": Operation("get", f"{ONE}/timeline", "read"),
    "list_findings": Operation("get", f"{ONE}/findings", "read"),
    "download_answer": Operation("get", f"{ONE}/files/{{kind}}", "read", {"kind": "rejected"}),
    "get_plan": Operation("get", f"{ONE}/plan", "read"),
    "download_plan": Operation("get", f"{ONE}/plan/workbook", "read"),
    "list_comments": Operation("get", f"{ONE}/comments", "read"),
    "add_comment": Operation("post", f"{ONE}/comments", "comment", body={"text": "Klopt dit?"}, gives=201),
    "compare_plans": Operation("get", f"{ONE}/differences", "read", gives=404),  # nothing has
    "approve_delivery": Operation("post", f"{ONE}/approve", "approve", body={"at": "now", "digest": NO_DIGEST}),
    "unapprove_delivery": Operation("post", f"{ONE}/unapprove", "approve", body={"reason": "Nee."}, gives=409),
    "refuse_delivery": Operation("post", f"{ONE}/refuse", "refuse", body={"reason": "Nee."}),
    "take_delivery": Operation("post", f"{ONE}/take", "deliver", body={}, gives=409),
    "confirm_complete_delivery": Operation("post", f"{ONE}/confirm-complete", "deliver", gives=409),  # it lacks none
    "admit_erased_persons": Operation("post", f"{ONE}/admit-erased", "privacy", gives=409),  # nobody has been erased
    "withdraw_delivery": Operation("post", f"{ONE}/withdraw", "withdraw"),
    "undo_delivery": Operation("post", f"{ONE}/undo", "undo", gives=409),  # nothing is in live yet
    "restore_dossier": Operation("post", f"{ONE}/restore", "undo", body=NO_PERSON, gives=404),
    "retry_delivery": Operation("post", f"{ONE}/retry", "retry", gives=409),  # it has not failed
    "refresh_training": Operation("post", f"{BASE}/training/refresh", "refresh", gives=202),
    "get_closing_days": Operation("get", f"{BASE}/closing-days", "read"),
    "change_closing_days": Operation("patch", f"{BASE}/closing-days", "configure", body={"country": "NL"}),
    "list_to_do": Operation("get", f"{BASE}/to-do", "configure"),
    "list_proposals": Operation("get", f"{BASE}/proposals", "read"),
    "confirm_proposal": Operation("post", f"{PROPOSAL}/confirm", "approve", ANY_PROPOSAL, gives=404),  # none waits
    "refuse_proposal": Operation("post", f"{PROPOSAL}/refuse", "refuse", ANY_PROPOSAL, gives=404),
    "list_connections": Operation("get", f"{BASE}/connections", "read"),
    "get_connection": Operation("get", f"{BASE}/connections/{{name}}", "read", NIGHTLY),
    "create_connection": Operation("post", f"{BASE}/connections", "configure", body={"name": "week"}, gives=201),
    "change_connection": Operation(
        "patch", f"{BASE}/connections/{{name}}", "configure", NIGHTLY, body={"late_after": 5}
    ),
    "delete_connection": Operation("delete", f"{BASE}/connections/{{name}}", "configure", NIGHTLY, gives=204),
    "pause_connection": Operation("post", f"{BASE}/connections/{{name}}/pause", "configure", NIGHTLY),
    "resume_connection": Operation("post", f"{BASE}/connections/{{name}}/resume", "configure", NIGHTLY),
    "list_file_accounts": Operation("get", f"{BASE}/accounts", "configure"),
    "get_file_account": Operation("get", f"{BASE}/accounts/{{name}}", "configure", HR),
    "create_file_account": Operation("post", f"{BASE}/accounts", "configure", body={"name": "oud"}, gives=201),
    "change_file_account": Operation("patch", f"{BASE}/accounts/{{name}}", "configure", HR, body={"active": False}),
    "delete_file_account": Operation("delete", f"{BASE}/accounts/{{name}}", "configure", HR, gives=204),
    "set_file_account_password": Operation("post", f"{BASE}/accounts/{{name}}/password", "configure", HR, body={}),
    "list_failed_attempts": Operation("get", f"{BASE}/accounts/{{name}}/failed-attempts", "configure", HR),
    "list_left_files": Operation("get", f"{BASE}/accounts/{{name}}/left-files", "configure", HR),
    "deliver_left_file": Operation("post", f"{LEFT}/deliver", "configure", LEFT_OF_HR, gives=404),  # nothing is left
    "delete_left_file": Operation("delete", LEFT, "configure", LEFT_OF_HR, gives=404),
    "unban_file_account": Operation("post", f"{BASE}/accounts/{{name}}/unban", "configure", HR),
    "list_webhooks": Operation("get", f"{BASE}/webhooks", "configure"),
    "get_webhook": Operation("get", HOOK, "configure", CRM),
    "create_webhook": Operation("post", f"{BASE}/webhooks", "configure", body=MORE, gives=201),
    "change_webhook": Operation("patch", HOOK, "configure", CRM, body={"events": ["delivery.held"]}),
    "delete_webhook": Operation("delete", HOOK, "configure", CRM, gives=204),
    "pause_webhook": Operation("post", f"{HOOK}/pause", "configure", CRM),
    "resume_webhook": Operation("post", f"{HOOK}/resume", "configure", CRM),
    "renew_webhook_secret": Operation("post", f"{HOOK}/secret", "configure", CRM),
    "test_webhook": Operation("post", f"{HOOK}/test", "configure", CRM, gives=202),
    "list_webhook_calls": Operation("get", f"{HOOK}/calls", "configure", CRM),
    "send_webhook_call_again": Operation("post", f"{HOOK}/calls/{{call_id}}/send-again", "configure", CRM, gives=202),
    "list_customers": Operation("get", "/api/v1/customers", "manage-customers"),
    "create_customer": Operation(
        "post", "/api/v1/customers", "manage-customers", body={"name": "nieuw", "title": "Nieuw BV"}, gives=201
    ),
    "get_institute": Operation("get", "/api/v1/institute", "read"),
    "change_institute": Operation(
        "patch", "/api/v1/institute", "manage-customers", body={"name": "Opleidingsinstituut X"}
    ),
    "get_contact": Operation("get", f"{BASE}/contact", "read"),
    "change_contact": Operation("patch", f"{BASE}/contact", "configure", body={"phone": "030-0000000"}),
    "get_customer": Operation("get", BASE, "read"),
    "get_policies": Operation("get", f"{BASE}/policies", "read"),
    "change_policies": Operation("patch", f"{BASE}/policies", "configure", body={"blank": "clear"}),
    "list_users": Operation("get", f"{BASE}/users", "manage-users"),
    "get_user": Operation("get", f"{BASE}/users/{{user_id}}", "manage-users"),
    "change_user": Operation("patch", f"{BASE}/users/{{user_id}}", "manage-users", body={"roles": ["reader"]}),
    "remove_user": Operation("delete", f"{BASE}/users/{{user_id}}", "manage-users", gives=204),
    "list_invitations": Operation("get", f"{BASE}/invitations", "manage-users"),
    "create_invitation": Operation("post", f"{BASE}/invitations", "manage-users", body=INVITED, gives=201),
    "send_invitation_again": Operation("post", f"{INVITATION}/send-again", "manage-users", gives=201),
    "withdraw_invitation": Operation("delete", INVITATION, "manage-users", gives=204),
    "list_tokens": Operation("get", f"{BASE}/tokens", "manage-tokens"),
    "create_token": Operation("post", f"{BASE}/tokens", "manage-tokens", body=MADE, gives=201),
    "end_token": Operation("post", f"{BASE}/tokens/{{token_id}}/end", "manage-tokens", gives=404),  # the supplier's
    "search_dossiers": Operation("get", f"{BASE}/{{environment}}/dossiers", "read", TRAINING, "?q=voorbeeld"),
    "get_company": Operation("get", f"{BASE}/{{environment}}/company", "read", TRAINING, "?source=HR&id=C-1"),
    "get_person": Operation("get", f"{BASE}/{{environment}}/person", "read", TRAINING, "?source=HR&id=P-1"),
    "export_person": Operation(
        "post", f"{BASE}/person-export", "privacy", body={"source": "HR", "extern_id": "p-1"}
    ),
    "export_dossiers": Operation("get", f"{BASE}/{{environment}}/export", "export", {"environment": "live"}),
    "erase_person": Operation(
        "post", f"{BASE}/person-erase", "privacy", body={"source": "HR", "extern_id": "p-1", "reason": "Op verzoek."},
        gives=409,
    ),
    "download_template": Operation("get", f"{BASE}/template", "read"),
}  # fmt: skip
WITH_A_SCOPE = [name for name, one in OPERATIONS.items() if one.scope]
OF_A_CUSTOMER = [name for name, one in OPERATIONS.items() if "{customer}" in one.path]
OF_A_READER = ("read", "manage-tokens")
each_operation = pytest.mark.parametrize("name", OPERATIONS)
each_with_a_scope = pytest.mark.parametrize("name", WITH_A_SCOPE)


__all__ = ["delivery", "other_customer"]
pytestmark = pytest.mark.rolled_back


@pytest.fixture(scope="module")
def customer(shared_customer: WebCustomer) -> WebCustomer:
    """The customer `ons`, whose operator is a site operator too."""
    User.objects.filter(username="ons-operator").update(is_superuser=True)
    return shared_customer


def address_of(one: Operation, customer: str, delivery: Delivery) -> str:
    """The address of an operation, with what the customer `ons` has of each."""
    things: dict[str, Callable[[], Any]] = {
        "delivery_id": lambda: delivery,
        "user_id": lambda: User.objects.get(username="ons-reader"),
        "invitation_id": Invitation.objects.get,
        "token_id": lambda: ApiToken.objects.get(user__username="ons-supplier"),
    }
    ids = {name: str(find().pk) for name, find in things.items() if f"{{{name}}}" in one.path}
    return one.path.format(customer=customer, **ids | one.values)


def ask(client: Client, name: str, customer: str, delivery: Delivery) -> Any:
    """Ask for an operation as a program would."""
    one = OPERATIONS[name]
    address = address_of(one, customer, delivery) + one.query
    if one.body == "file":
        content = b"BedrijfExternId;Onbekend\r\n"
        response = client.post(address, {"file": SimpleUploadedFile("bestand.csv", content)})
    elif one.method in ("post", "patch"):
        content = json.dumps(one.body).encode() if one.body is not None else b""
        content = content.replace(NO_DIGEST.encode(), delivery.plans.latest("pk").digest.encode())
        response = getattr(client, one.method)(address, content, "application/json")
    else:
        response = getattr(client, one.method)(address)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code < 400 or response.headers["Content-Type"] == "application/problem+json"
    assert response.status_code < 400 or (b"Voorbeeld" not in body and b"levering.csv" not in body)
    return response


def kind_of(response: Any) -> tuple[int, str]:
    """Status and type of a problem."""
    return response.status_code, response.json()["type"].rpartition(":")[2]


def test_every_operation_is_known() -> None:
    document = program().get("/api/v1/openapi.json").json()
    there = {
        operation["operationId"]: (method, path, "".join(operation["security"][0]["Token"]))
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    assert there == {name: (one.method, one.path, one.scope) for name, one in OPERATIONS.items()}


@each_operation
def test_who_may_gets_an_answer(name: str, customer: WebCustomer, delivery: Delivery) -> None:
    one = OPERATIONS[name]
    client = program(token_of(customer, "operator", one.scope or "read"))
    assert ask(client, name, "ons", delivery).status_code == one.gives


def test_without_a_token_nobody_gets_in(customer: WebCustomer, delivery: Delivery) -> None:
    """A cookie opens nothing."""
    for client, name in itertools.product((program(), customer.signed_in("operator")), OPERATIONS):
        response = ask(client, name, "ons", delivery)
        assert kind_of(response) == (401, "no-token"), name
        assert response.headers["WWW-Authenticate"] == 'Bearer realm="instroom"'


def test_a_token_that_is_over_or_of_who_is_not_active_opens_nothing(customer: WebCustomer, delivery: Delivery) -> None:
    client, before = program(token_of(customer, "operator")), timezone.now() - timedelta(seconds=1)
    later = timezone.now() + timedelta(days=1)
    for token in ({"expires_at": before}, {"expires_at": later, "ended_at": before}, {"ended_at": None}):
        ApiToken.objects.update(**token)
        User.objects.filter(username="ons-operator").update(is_active="expires_at" in token)
        for name in OPERATIONS:
            assert kind_of(ask(client, name, "ons", delivery)) == (401, "wrong-token"), name
            AttemptCounter.objects.all().delete()  # of many wrong tokens a ban would come


def test_a_token_of_another_customer_sees_nothing(
    customer: WebCustomer, other_customer: WebCustomer, delivery: Delivery
) -> None:  # fmt: skip
    """Neither under the customer's own name nor under theirs, and in the words of what does not exist."""
    client = program(token_of(other_customer, "operator"))
    for name in OF_A_CUSTOMER:
        nowhere = ask(client, name, "nergens", delivery)
        tries = ["ons", "ander"] if "_id}" in OPERATIONS[name].path else ["ons"]
        for tried in tries:
            response = ask(client, name, tried, delivery)
            assert kind_of(response) == (404, "not-found"), name
            if tried == "ons" or "{delivery_id}" in OPERATIONS[name].path:
                assert response.json() == nowhere.json(), name
    delivery.refresh_from_db()
    assert (delivery.state, Delivery.objects.count()) == ("awaiting-approval", 1)


def test_a_supplier_looks_nothing_up(customer: WebCustomer, delivery: Delivery) -> None:
    client = program(token_of(customer, "supplier", "read"))
    for name in ("search_dossiers", "get_company", "get_person"):
        assert kind_of(ask(client, name, "ons", delivery)) == (403, "role")


@pytest.mark.parametrize("limited", ["token", "user"])
def test_who_is_limited_to_another_source_gets_nothing_of_it(
    limited: str, customer: WebCustomer, delivery: Delivery
) -> None:
    scopes = [scope for scope in SCOPES if scope in OF_SOURCES]
    client = program(token_of(customer, "operator", *scopes))
    held = ApiToken.objects if limited == "token" else Role.objects.filter(user__username="ons-operator")
    held.update(sources=["ELDERS"])
    for name in OF_A_CUSTOMER:
        response = ask(client, name, "ons", delivery)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        if "{delivery_id}" in OPERATIONS[name].path and OPERATIONS[name].scope in OF_SOURCES:
            assert kind_of(response) == (404, "not-found"), name
        if OPERATIONS[name].scope not in OF_SOURCES:
            assert response.status_code in (403, 404), name
        for value in (b"levering.csv", b"Voorbeeld", b"Anna"):
            assert value not in body, name
    delivery.refresh_from_db()
    assert delivery.state == "awaiting-approval"


@each_with_a_scope
def test_a_token_does_nothing_beside_its_scopes(name: str, customer: WebCustomer, delivery: Delivery) -> None:
    others = [scope for scope in SCOPES if scope != OPERATIONS[name].scope]
    assert kind_of(ask(program(token_of(customer, "operator", *others)), name, "ons", delivery)) == (403, "scope")
    delivery.refresh_from_db()
    assert delivery.state == "awaiting-approval"


@each_with_a_scope
def test_a_token_does_no_more_than_its_user_may_now(name: str, customer: WebCustomer, delivery: Delivery) -> None:
    token = token_of(customer, "operator", *SCOPES)
    User.objects.filter(username="ons-operator").update(is_superuser=False)
    Role.objects.filter(user__username="ons-operator").update(name=Role.READER)
    response = ask(program(token), name, "ons", delivery)
    reads = OPERATIONS[name].scope in OF_A_READER
    assert response.status_code == OPERATIONS[name].gives if reads else kind_of(response) == (403, "role")
    Role.objects.filter(user__username="ons-operator").delete()
    gone = (404, "not-found") if name in OF_A_CUSTOMER else (403, "role")
    assert kind_of(ask(program(token), name, "ons", delivery)) == gone
