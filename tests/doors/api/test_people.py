"""Users, invitations and customers by a program (product.md G2)."""

import json
from typing import Any

import pytest
from django.test import Client
from tests.doors.api.programs import program, token_of
from tests.doors.web.web_customer import WebCustomer

from instroom.flow.people import invitations
from instroom.store.models import AuditEntry, Customer, Invitation, Mail, Role, User

BASE = "/api/v1/customers/ons"
SOMEBODY = {"email": "iemand@voorbeeld.example", "roles": ["reader", "approver"]}


@pytest.fixture
def client(customer: WebCustomer) -> Client:
    """A program of the operator."""
    return program(token_of(customer, "operator"))


def send(client: Client, method: str, address: str, body: Any) -> tuple[int, dict[str, Any]]:
    """Ask with JSON."""
    response = getattr(client, method)(address, json.dumps(body).encode(), "application/json")
    return response.status_code, response.json()


def roles_of(name: str) -> list[str]:
    """What a user may do for `ons`."""
    return sorted(Role.objects.filter(customer__name="ons", user__username=name).values_list("name", flat=True))


def test_users_are_listed_and_their_roles_changed_and_taken_away(client: Client) -> None:
    users = {one["name"]: one for one in client.get(f"{BASE}/users").json()["users"]}
    assert list(users) == ["ons-approver", "ons-exporter", "ons-operator", "ons-reader", "ons-supplier"]
    reader = users["ons-reader"]
    assert {**reader, "id": ""} == {
        "id": "", "name": "ons-reader", "full_name": "", "email": "", "roles": ["reader"], "sources": [],
        "active": True, "second_factor": False, "last_sign_in_at": None,
    }  # fmt: skip
    address = f"{BASE}/users/{reader['id']}"
    status, changed = send(client, "patch", address, {"roles": ["reader", "supplier"]})
    assert (status, changed) == (200, reader | {"roles": ["supplier", "reader"]})
    assert send(client, "patch", address, {"roles": None}) == (200, changed)
    assert send(client, "patch", address, {}) == (200, changed)
    assert client.delete(address).status_code == 204
    assert (roles_of("ons-reader"), client.get(address).status_code) == ([], 404)
    entry = AuditEntry.objects.filter(action="roles-changed").latest("pk")
    assert (entry.facts["of"], entry.facts["program"]) == ("ons-reader", "Koppelprogramma")


def test_a_user_is_switched_off_and_on_by_a_program_of_all_their_customers(
    client: Client, other_customer: WebCustomer
) -> None:
    address = f"{BASE}/users/{User.objects.get(username='ons-reader').pk}"
    for active in (False, True):
        status, changed = send(client, "patch", address, {"active": active})
        assert (status, changed["active"]) == (200, active)
    Role.objects.create(customer=Customer.objects.get(name="ander"), user_id=changed["id"], name="reader")
    assert send(client, "patch", address, {"active": False})[0] == 409


def test_a_change_that_is_refused_in_part_changes_nothing(customer: WebCustomer) -> None:
    client = program(token_of(customer, "operator", "manage-users"))
    reader = User.objects.get(username="ons-reader").pk
    status, _ = send(client, "patch", f"{BASE}/users/{reader}", {"active": False, "roles": ["approver"]})
    assert (status, User.objects.get(pk=reader).is_active, roles_of("ons-reader")) == (403, True, ["reader"])


def test_the_last_operator_stays(client: Client) -> None:
    operator = User.objects.get(username="ons-operator").pk
    status, problem = send(client, "patch", f"{BASE}/users/{operator}", {"roles": ["reader"]})
    assert (status, "last operator" in problem["detail"]) == (409, True)
    assert client.delete(f"{BASE}/users/{operator}").status_code == 409
    assert roles_of("ons-operator") == ["operator"]


@pytest.mark.parametrize("roles", [[], ["god"], "reader", ["reader"] * 6, [None]])
def test_roles_that_cannot_be_are_a_problem(client: Client, roles: Any) -> None:
    reader = User.objects.get(username="ons-reader").pk
    assert send(client, "patch", f"{BASE}/users/{reader}", {"roles": roles})[0] == 422
    assert send(client, "post", f"{BASE}/invitations", SOMEBODY | {"roles": roles})[0] == 422


def test_who_works_for_others_does_not_exist(client: Client, other_customer: WebCustomer) -> None:
    stranger = User.objects.get(username="ander-reader").pk
    assert send(client, "patch", f"{BASE}/users/{stranger}", {"roles": ["operator"]})[0] == 404
    assert client.delete(f"{BASE}/users/{stranger}").status_code == 404
    assert roles_of("ander-reader") == []


def test_an_invitation_is_made_sent_again_and_withdrawn(client: Client) -> None:
    status, made = send(client, "post", f"{BASE}/invitations", SOMEBODY | {"language": "en"})
    assert (status, made["roles"], made["invited_by"]) == (201, ["approver", "reader"], "ons-operator")
    assert client.get(f"{BASE}/invitations").json() == {"invitations": [made]}
    again = client.post(f"{BASE}/invitations/{made['id']}/send-again")
    assert (again.status_code, again.json()["roles"], again.json()["id"] != made["id"]) == (201, made["roles"], True)
    assert client.get(f"{BASE}/invitations").json() == {"invitations": [again.json()]}
    first, second = Mail.objects.order_by("pk")
    assert (first.text, second.to, second.language) == ("", SOMEBODY["email"], "en")
    assert [client.delete(f"{BASE}/invitations/{one['id']}").status_code for one in (made, again.json())] == [404, 204]
    assert not invitations.waiting(Customer.objects.get(name="ons"))


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"email": "iemand@voorbeeld.example"}, 422),
        (SOMEBODY | {"language": "de"}, 422),
        (SOMEBODY | {"name": "iemand"}, 422),
        (SOMEBODY | {"email": "geen adres"}, 409),
    ],
    ids=str,
)
def test_an_invitation_that_cannot_be_is_a_problem(client: Client, wanted: dict[str, Any], status: int) -> None:
    assert send(client, "post", f"{BASE}/invitations", wanted)[0] == status
    assert not Invitation.objects.exists()


def test_a_site_operator_adds_and_lists_customers(customer: WebCustomer) -> None:
    User.objects.filter(username="ons-operator").update(is_superuser=True)
    client = program(token_of(customer, "operator", "manage-customers", "read"))
    status, made = send(client, "post", "/api/v1/customers", {"name": "nieuw", "title": "Nieuw BV"})
    assert (status, made["name"], made["title"]) == (201, "nieuw", "Nieuw BV")
    first = client.get("/api/v1/customers?limit=1")
    assert [one["name"] for one in first.json()["customers"]] == ["nieuw"]
    assert client.get(f"/api/v1/customers?cursor={first.json()['next']}").json()["customers"][0]["name"] == "ons"
    assert send(client, "post", "/api/v1/customers", {"name": "nieuw", "title": "Nog een"})[0] == 409
    assert send(client, "post", "/api/v1/customers", {"name": "Nieuw", "title": "Nog een"})[0] == 422
    assert client.get("/api/v1/customers/nieuw").status_code == 404  # the token is for another one
    assert client.get(BASE).json()["title"] == "Ons BV"
    assert AuditEntry.objects.get(action="customer-added").facts["program"] == "Koppelprogramma"


def test_policies_are_changed_one_by_one(client: Client) -> None:
    before = client.get(f"{BASE}/policies").json()
    assert (before["blank"], before["approver_differs"], before["quiet_from"]) == ("leave", False, "20:00")
    status, after = send(client, "patch", f"{BASE}/policies", {"quiet_from": "", "blank": None})
    assert (status, after) == (200, before | {"quiet_from": ""})
    assert client.get(f"{BASE}/policies").json() == after
    assert Customer.objects.get(name="ons").policies == {"quiet_from": ""}


@pytest.mark.parametrize(
    "wanted",
    [
        {"blank": "weg"},
        {"skip_limit_percent": 101},
        {"approver_differs": "true"},
        {"quiet_until": ""},
        {"keep_files_days": 13},
        {"x": 1},
    ],
)
def test_policies_that_cannot_be_are_a_problem(client: Client, wanted: dict[str, Any]) -> None:
    assert send(client, "patch", f"{BASE}/policies", wanted)[0] == 422
    assert Customer.objects.get(name="ons").policies == {}


def test_letting_suppliers_approve_their_own_takes_the_scope_of_approval(customer: WebCustomer) -> None:
    client = program(token_of(customer, "operator", "configure"))
    assert send(client, "patch", f"{BASE}/policies", {"approver_differs": True})[0] == 200
    status, problem = send(client, "patch", f"{BASE}/policies", {"approver_differs": False})
    assert (status, problem["type"]) == (403, "urn:instroom:problem:scope")
    assert Customer.objects.get(name="ons").policies == {"approver_differs": True}
    assert send(client, "patch", f"{BASE}/policies", {"approver_differs": True, "blank": "clear"})[0] == 200
