"""Tokens: how they are made, kept, used and slowed down."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.doors.api.programs import deliver, program, token_of
from tests.doors.web.web_customer import ANNA, WebCustomer
from tests.elapsed import elapse

from instroom.core.errors import NotAllowed
from instroom.flow import find
from instroom.flow.people.api_tokens import add, holder
from instroom.store.models import ApiToken, AuditEntry


def test_a_token_tells_who_it_is(customer: WebCustomer) -> None:
    token = token_of(customer, "supplier", "deliver", "read")
    me = program(token).get("/api/v1/me").json()
    assert me.pop("expires_at").startswith(f"{timezone.localtime() + timedelta(days=90):%Y-%m-%d}")
    assert me == {
        "user": "ons-supplier", "customer": "ons", "token": "Koppelprogramma",
        "scopes": ["read", "deliver"], "allowed_scopes": ["read", "deliver"],
    }  # fmt: skip


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
    customer.signed_in("reader").get("/customers/ons/live/search?q=voorbeeld")
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
