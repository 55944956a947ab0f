"""Accounts of the file server by a program (product.md F2)."""

import json
from typing import Any

import pytest
from django.test import Client
from tests.doors.api.programs import program, token_of
from tests.doors.web.web_customer import WebCustomer

from instroom.core.errors import NotAllowed
from instroom.flow.file_server.account_sign_in import sign_in
from instroom.store.models import AuditEntry, FileAccount

BASE = "/api/v1/customers/ons/accounts"
HERE = "192.0.2.7"


@pytest.fixture
def client(customer: WebCustomer) -> Client:
    """A program of the operator."""
    return program(token_of(customer, "operator", "configure"))


def send(client: Client, method: str, address: str, body: Any) -> tuple[int, dict[str, Any]]:
    """Ask with JSON."""
    response = getattr(client, method)(address, json.dumps(body).encode(), "application/json")
    return response.status_code, response.json()


def test_an_account_is_made_changed_and_given_another_password(client: Client) -> None:
    status, made = send(client, "post", BASE, {"name": "hr"})
    assert (status, made["plain_ftp"], made["active"], made["connections"]) == (201, False, True, [])
    assert sign_in("hr", made["password"], HERE, tls=True).customer == "ons"
    status, changed = send(client, "patch", f"{BASE}/hr", {"plain_ftp": True})
    assert (status, changed["plain_ftp"], changed["active"], "password" in changed) == (200, True, True, False)
    status, typed = send(client, "post", f"{BASE}/hr/password", {"password": "een-lang-woord-7"})
    assert (status, typed["password"]) == (200, None)
    assert sign_in("hr", "een-lang-woord-7", HERE, tls=False)
    assert client.get(BASE).json()["accounts"] == [client.get(f"{BASE}/hr").json()]
    assert made["password"] not in str([one.facts for one in AuditEntry.objects.all()])


def test_a_change_of_one_setting_leaves_the_others(client: Client) -> None:
    send(client, "post", BASE, {"name": "hr", "password": None, "plain_ftp": None})
    send(client, "patch", f"{BASE}/hr", {"active": False, "plain_ftp": True})
    nothing = {"plain_ftp": None, "allow_missing_close_notify": None, "active": None}
    status, changed = send(client, "patch", f"{BASE}/hr", nothing | {"allow_missing_close_notify": True})
    assert (status, changed["active"], changed["plain_ftp"], changed["allow_missing_close_notify"]) == (
        200,
        False,
        True,
        True,
    )


def test_whether_data_must_resume_tls_is_chosen(client: Client) -> None:
    send(client, "post", BASE, {"name": "hr"})
    shown = client.get(f"{BASE}/hr").json()
    assert (shown["tls_resumption"], shown["tls_resumption_required"]) == ("learned", False)
    status, changed = send(client, "patch", f"{BASE}/hr", {"tls_resumption": "always"})
    assert (status, changed["tls_resumption"], changed["tls_resumption_required"]) == (200, "always", True)
    assert send(client, "patch", f"{BASE}/hr", {"tls_resumption": "sometimes"})[0] == 422


def test_a_ban_is_told_and_lifted(client: Client) -> None:
    send(client, "post", BASE, {"name": "hr"})
    for _ in range(5):
        with pytest.raises(NotAllowed):
            sign_in("hr", "fout", HERE, tls=True)
    assert client.get(f"{BASE}/hr").json()["banned_until"] is not None
    assert client.post(f"{BASE}/hr/unban").json()["banned_until"] is None


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({}, 422),
        ({"name": "HR"}, 422),
        ({"name": "a/b"}, 422),
        ({"name": "hr", "password": "kort"}, 422),
        ({"name": "hr", "password": "regel\neinde"}, 422),
        ({"name": "hr", "plain_ftp": 1}, 422),
        ({"name": "hr", "customer": "ander"}, 422),
        ({"name": "personeel", "password": "personeel1"}, 422),
        ({"name": "personeel", "password": "personeel-2026!"}, 409),
    ],
    ids=str,
)
def test_what_cannot_be_is_a_problem(client: Client, wanted: dict[str, Any], status: int) -> None:
    assert send(client, "post", BASE, wanted)[0] == status
    assert not FileAccount.objects.exists()


def test_a_name_is_taken_once_whoever_has_it(client: Client, other_customer: WebCustomer) -> None:
    """And the account of another customer does not exist here."""
    theirs = program(token_of(other_customer, "operator", "configure"))
    assert send(theirs, "post", "/api/v1/customers/ander/accounts", {"name": "hr"})[0] == 201
    assert send(client, "post", BASE, {"name": "hr"})[0] == 409
    assert client.get(f"{BASE}/hr").status_code == 404
    assert send(client, "post", f"{BASE}/hr/password", {})[0] == 404
    assert client.get(BASE).json() == {"accounts": []}


def test_it_is_renamed_and_deleted_and_the_name_is_free(client: Client) -> None:
    _, made = send(client, "post", BASE, {"name": "hr"})
    assert send(client, "patch", f"{BASE}/hr", {"name": "HR"})[0] == 422
    status, renamed = send(client, "patch", f"{BASE}/hr", {"name": "personeel"})
    assert (status, renamed["name"]) == (200, "personeel")
    assert sign_in("personeel", made["password"], HERE, tls=True).customer == "ons"
    assert client.delete(f"{BASE}/hr").status_code == 404
    assert client.delete(f"{BASE}/personeel").status_code == 204
    with pytest.raises(NotAllowed):
        sign_in("personeel", made["password"], HERE, tls=True)
    assert send(client, "post", BASE, {"name": "personeel"})[0] == 201
