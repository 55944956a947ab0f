"""Signing in and out, and what slows guessing down."""

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from tests.doors.web.web_customer import PASSWORD, WebCustomer, browser
from tests.elapsed import elapse

from instroom.core.errors import NotAllowed
from instroom.flow import find, throttle
from instroom.flow.people.passwords import set_password
from instroom.store.models import AuditEntry, User


@pytest.fixture
def reader(customer: WebCustomer) -> str:
    """Somebody with a password."""
    User.objects.filter(username="ons-reader").update(password=make_password(PASSWORD))
    return "ons-reader"


def sign_in(client: Client, name: str, password: str, address: str = "192.0.2.1", back: str = "") -> int:
    """Fill in the form; the status of the answer."""
    data = {"name": name, "password": password, "next": back}
    return client.post("/sign-in", data, REMOTE_ADDR=address).status_code


def failed(name: str, address: str, times: int) -> None:
    """Failures of a moment ago."""
    for _ in range(times):
        throttle.count(throttle.SIGN_IN, address=address, name=name)


def test_the_right_password_opens_and_signing_out_closes(reader: str) -> None:
    client = browser()
    assert sign_in(client, reader, PASSWORD) == 302
    assert client.get("/customers/ons").status_code == 200
    session = client.cookies["instroom"].value
    client.post("/sign-out")
    client.cookies["instroom"] = session
    assert client.get("/customers/ons").status_code == 302


@pytest.mark.parametrize(
    ("name", "password"), [("ons-reader", "een ander woord"), ("niemand", PASSWORD), ("ons-approver", ""), ("", "")]
)
def test_a_wrong_name_and_a_wrong_password_sound_the_same(reader: str, name: str, password: str) -> None:
    response = browser().post("/sign-in", {"name": name, "password": password})
    assert response.status_code == 403
    assert "De naam of het wachtwoord klopt niet." in response.content.decode()


@pytest.mark.parametrize(
    ("name", "address", "times"),
    [
        ("ons-reader", "192.0.2.1", 5),
        ("ons-reader", "192.0.2.2", 20),
        ("iemand-anders", "192.0.2.1", 50),
    ],
)
def test_after_many_failures_also_the_right_password_waits(reader: str, name: str, address: str, times: int) -> None:
    failed(name, address, times - 1)
    assert sign_in(browser(), reader, PASSWORD) == 302
    failed(name, address, 1)
    assert sign_in(browser(), reader, PASSWORD) == 403
    elapse(minutes=16)
    assert sign_in(browser(), reader, PASSWORD) == 302


def test_a_failure_is_in_the_audit_log_without_the_password(reader: str) -> None:
    sign_in(browser(), reader, "een ander woord", "192.0.2.9")
    entry = AuditEntry.objects.get(action="sign-in-failed")
    assert entry.facts == {"name": reader, "address": "192.0.2.9"}


@pytest.mark.parametrize(
    ("back", "to"),
    [
        ("/customers/ons/deliveries", "/customers/ons/deliveries"),
        ("https://elders.example/", "/"),
        ("//elders.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_after_signing_in_nobody_is_led_away(reader: str, back: str, to: str) -> None:
    response = browser().post("/sign-in", {"name": reader, "password": PASSWORD, "next": back})
    assert response.headers["Location"] == to


@pytest.mark.parametrize("password", ["kort", "ons-reader-1", "password12345", ""])
def test_a_password_that_is_easily_guessed_is_not_taken(customer: WebCustomer, password: str) -> None:
    with pytest.raises(NotAllowed) as told:
        set_password(find.user("ons-reader"), password)
    assert told.value.sentence("nl") != told.value.sentence("en")


def test_a_new_password_signs_out_who_had_the_old_one(reader: str) -> None:
    client = browser()
    sign_in(client, reader, PASSWORD)
    set_password(find.user(reader), "acht droge sokken")
    assert client.get("/customers/ons").status_code == 302
    assert sign_in(browser(), reader, "acht droge sokken") == 302
