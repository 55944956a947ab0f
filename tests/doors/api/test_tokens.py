"""Tokens: how they are made, kept, used and slowed down."""

import hashlib
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.doors.api.programs import deliver, program, token_of
from tests.doors.web.web_customer import ANNA, WebCustomer
from tests.elapsed import elapse

from instroom.core.errors import NotAllowed
from instroom.flow import find
from instroom.flow.people.api_tokens import add, holder
from instroom.store.models import ApiToken, AuditEntry, Role


def test_a_token_tells_who_it_is(customer: WebCustomer) -> None:
    token = token_of(customer, "supplier", "deliver", "read")
    me = program(token).get("/api/v1/me").json()
    assert me.pop("expires_at").startswith(f"{timezone.localtime() + timedelta(days=90):%Y-%m-%d}")
    assert me == {
        "user": "ons-supplier", "customer": "ons", "token": "Koppelprogramma",
        "scopes": ["read", "deliver"], "allowed_scopes": ["read", "deliver"], "sources": None,
    }  # fmt: skip


def test_a_token_tells_its_sources_now(customer: WebCustomer) -> None:
    caller = program(token_of(customer, "supplier", "read"))
    ApiToken.objects.update(sources=["CRM", "HR"])
    assert caller.get("/api/v1/me").json()["sources"] == ["CRM", "HR"]
    for sources, left in ((["HR", "WEB"], ["HR"]), (["WEB"], [])):
        Role.objects.filter(user__username="ons-supplier").update(sources=sources)
        assert caller.get("/api/v1/me").json()["sources"] == left


def test_it_is_long_known_by_its_beginning_and_kept_as_a_hash(customer: WebCustomer) -> None:
    token = token_of(customer, "supplier")
    assert re.fullmatch(r"instroom_[A-Za-z0-9_-]{43}", token)
    assert ApiToken.objects.get().token_hash == hashlib.sha256(token.encode()).hexdigest()


def test_that_it_is_used_is_noted_once_a_minute(customer: WebCustomer) -> None:
    token = token_of(customer, "reader")
    client = program(token)
    assert ApiToken.objects.get().used_at is None
    client.get("/api/v1/me")
    first = ApiToken.objects.get().used_at
    client.get("/api/v1/me")
    assert ApiToken.objects.get().used_at == first
    ApiToken.objects.update(used_at=timezone.now() - timedelta(minutes=2))
    client.get("/api/v1/me")
    assert timezone.now() - ApiToken.objects.get().used_at < timedelta(minutes=1)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [("", ["read"], 90), ("x" * 61, ["read"], 90), ("a\nb", ["read"], 90), ("x", [], 90), ("x", ["oversee"], 90),
     ("x", ["read"], 0), ("x", ["read"], 367), ("x", ["approve"], 90)],
)  # fmt: skip
def test_what_cannot_be_is_refused(customer: WebCustomer, name: str, scopes: list[str], days: int) -> None:
    with pytest.raises(NotAllowed):
        add(find.customer("ons"), name, scopes, days, by=find.user("ons-supplier"))
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer instroom_", "Bearer niets", "Basic b25zOm9ucw==", "instroom_x", "Bearer \xff\x00é"],
)
def test_what_is_no_token_opens_nothing(customer: WebCustomer, header: str) -> None:
    response = program().get("/api/v1/me", headers={"authorization": header})
    assert response.status_code == 401
    assert response.headers["Content-Type"] == "application/problem+json"


def test_wrong_tokens_are_slowed_down_and_right_ones_are_not(customer: WebCustomer) -> None:
    token = token_of(customer, "reader")
    wrong = program("instroom_" + "x" * 43)
    for _ in range(20):
        assert wrong.get("/api/v1/me").status_code == 401
    response = wrong.get("/api/v1/me")
    assert (response.status_code, response.json()["type"]) == (429, "urn:instroom:problem:too-many")
    assert response.headers["Retry-After"] == "900"
    assert AuditEntry.objects.filter(action="token-wrong").count() == 20
    assert program(token).get("/api/v1/me").status_code == 200
    assert wrong.get("/api/v1/me", REMOTE_ADDR="192.0.2.8").status_code == 401
    elapse(minutes=15)
    assert wrong.get("/api/v1/me").status_code == 401


def test_what_a_person_does_after_a_program_is_the_persons_own(customer: WebCustomer) -> None:
    """In the same thread of the server."""
    program(token_of(customer, "reader")).get("/api/v1/customers/ons/live/dossiers", {"q": "voorbeeld"})
    customer.import_in_live(ANNA)
    program(token_of(customer, "reader")).get("/api/v1/customers/ons/live/dossiers", {"q": "voorbeeld"})
    customer.signed_in("reader").post("/customers/ons/live/search", {"q": "voorbeeld"}, follow=True)
    seen = AuditEntry.objects.filter(action="looked-up").order_by("at", "pk")
    assert [one.facts.get("program") for one in seen] == ["Koppelprogramma", None]


def test_what_is_done_with_tokens_is_in_the_audit_log(customer: WebCustomer) -> None:
    token = token_of(customer, "supplier")
    deliver(program(token), customer, customer.file(ANNA).read_bytes())
    entries = AuditEntry.objects.order_by("at", "pk")
    assert [(one.action, one.user and one.user.username) for one in entries] == [
        ("token-made", "ons-supplier"), ("received", "ons-supplier")
    ]  # fmt: skip
    assert token not in str([one.facts for one in entries])
    assert [one.facts["program"] for one in entries] == ["Koppelprogramma", "Koppelprogramma"]
    assert entries[0].facts["token"] == entries[1].facts["token"]
    assert holder(token) is not None


def asked(client: Client, **new: object) -> tuple[int, dict[str, Any]]:
    """Ask for a token."""
    content = json.dumps({"name": "Nachtprogramma", "scopes": ["read"], **new}).encode()
    response = client.post("/api/v1/customers/ons/tokens", content, "application/json")
    return response.status_code, response.json()


def test_a_program_makes_a_token_that_ends_with_its_own(customer: WebCustomer) -> None:
    asking = token_of(customer, "supplier", "read", "manage-tokens", days=30)
    status, made = asked(program(asking), scopes=["read", "manage-tokens"])
    assert (status, made["user"], made["scopes"]) == (201, "ons-supplier", ["read", "manage-tokens"])
    first, second = ApiToken.objects.order_by("pk")
    assert second.expires_at == first.expires_at
    grandchild = asked(program(made["token"]), days=1)[1]["token"]
    assert program(grandchild).get("/api/v1/me").status_code == 200
    ended = program(asking).post(f"/api/v1/customers/ons/tokens/{first.pk}/end")
    assert (ended.status_code, ended.json()["ended_at"] is None) == (200, False)
    assert [program(one).get("/api/v1/me").status_code for one in (asking, made["token"], grandchild)] == [401] * 3
    entry = AuditEntry.objects.filter(action="token-made").order_by("pk")[1]
    assert (entry.facts["program"], entry.facts["by_program"]) == ("Nachtprogramma", "Koppelprogramma")
    assert AuditEntry.objects.filter(action="token-ended").count() == 3


@pytest.mark.parametrize(
    ("new", "status"),
    [
        ({"scopes": ["deliver"]}, 403),
        ({"scopes": ["manage-users"]}, 403),
        ({"days": 31}, 403),
        ({"scopes": []}, 422),
        ({"scopes": ["oversee"]}, 422),
        ({"days": 0}, 422),
        ({"days": "1"}, 422),
        ({"user": "ons-operator"}, 422),
        ({"name": " "}, 409),
    ],
)
def test_a_program_makes_no_token_beyond_its_own(customer: WebCustomer, new: dict[str, Any], status: int) -> None:
    client = program(token_of(customer, "operator", "read", "manage-tokens", days=30))
    assert asked(client, **new)[0] == status
    assert ApiToken.objects.count() == 1


def test_a_program_sees_and_ends_the_tokens_of_others_with_the_scope_for_users(customer: WebCustomer) -> None:
    """The role of an operator is not enough."""
    token_of(customer, "supplier")
    theirs = ApiToken.objects.get()
    own = program(token_of(customer, "operator", "manage-tokens"))
    assert [one["user"] for one in own.get("/api/v1/customers/ons/tokens").json()["tokens"]] == ["ons-operator"]
    assert own.post(f"/api/v1/customers/ons/tokens/{theirs.pk}/end").status_code == 404
    client = program(token_of(customer, "operator", "manage-tokens", "manage-users"))
    page = client.get("/api/v1/customers/ons/tokens?limit=2").json()
    last = client.get("/api/v1/customers/ons/tokens", {"cursor": page["next"]}).json()
    assert [one["user"] for one in (*page["tokens"], *last["tokens"])] == ["ons-operator"] * 2 + ["ons-supplier"]
    assert "token_hash" not in str(page)
    assert client.post(f"/api/v1/customers/ons/tokens/{theirs.pk}/end").json()["ended_at"]
    facts = AuditEntry.objects.get(action="token-ended").facts
    assert (facts["of"], facts["token"]) == ("ons-supplier", str(theirs.pk))


def test_a_token_for_another_customer_does_not_exist(customer: WebCustomer, other_customer: WebCustomer) -> None:
    """Also of the same user."""
    Role.objects.create(customer=find.customer("ander"), user=find.user("ons-operator"), name=Role.OPERATOR)
    theirs = add(find.customer("ander"), "x", ["read"], by=find.user("ons-operator")).token
    client = program(token_of(customer, "operator"))
    assert client.post(f"/api/v1/customers/ons/tokens/{theirs.pk}/end").status_code == 404
    assert str(theirs.pk) not in client.get("/api/v1/customers/ons/tokens").content.decode()
