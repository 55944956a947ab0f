"""Signing in and out, and what slows guessing down."""

import logging
from contextlib import ExitStack

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.test import Client, override_settings
from tests.doors.web.web_customer import PASSWORD, WebCustomer, browser
from tests.elapsed import elapse

from instroom.core.errors import NotAllowed
from instroom.flow import find, throttle
from instroom.flow.file_server import account_sign_in
from instroom.flow.people import devices, hashing
from instroom.flow.people.passwords import set_password
from instroom.store.models import AttemptCounter, AuditEntry, User

WRONG = "Het e-mailadres, de gebruikersnaam of het wachtwoord klopt niet."


@pytest.fixture
def reader(customer: WebCustomer) -> str:
    """Somebody with a password."""
    User.objects.filter(username="ons-reader").update(password=make_password(PASSWORD))
    return "ons-reader"


def sign_in(client: Client, name: str, password: str, address: str = "192.0.2.1", back: str = "") -> int:
    """Fill in the form; the status of the answer."""
    data = {"name": name, "password": password, "next": back}
    return client.post("/sign-in", data, REMOTE_ADDR=address).status_code


class CountingHasher(PBKDF2PasswordHasher):
    """Counts what it hashes."""

    iterations = 1
    hashed = 0

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """As always, and counted."""
        CountingHasher.hashed += 1
        return super().encode(password, salt, iterations)


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
    assert WRONG in response.content.decode()


@pytest.mark.parametrize("name", ["bo@voorbeeld.example", " Bo@Voorbeeld.EXAMPLE ", "ONS-reader"])
def test_an_address_signs_in_like_the_name_and_a_failure_counts_for_its_user(reader: str, name: str) -> None:
    User.objects.filter(username=reader).update(email="Bo@voorbeeld.example")
    assert sign_in(browser(), name, PASSWORD) == 302
    for _ in range(4):
        sign_in(browser(), name, "een ander woord")
    assert set(AuditEntry.objects.filter(action="sign-in-failed").values_list("facts__name", flat=True)) == {reader}
    failed(reader, "192.0.2.1", 1)
    assert sign_in(browser(), name, PASSWORD) == 403
    assert sign_in(browser(), reader, PASSWORD) == 403


def test_an_address_of_two_is_like_an_unknown_name_until_one_has_left(reader: str) -> None:
    User.objects.filter(username__in=[reader, "ons-approver"]).update(
        email="bo@voorbeeld.example", password=make_password(PASSWORD)
    )
    response = browser().post("/sign-in", {"name": "bo@voorbeeld.example", "password": PASSWORD})
    assert response.status_code == 403
    assert WRONG in response.content.decode()
    assert sign_in(browser(), reader, PASSWORD) == 302
    User.objects.filter(username="ons-approver").update(is_active=False)
    assert sign_in(browser(), "bo@voorbeeld.example", PASSWORD) == 302


def test_a_name_that_is_the_address_of_somebody_else_is_the_name(reader: str) -> None:
    User.objects.filter(username="ons-approver").update(email="bo@voorbeeld.example")
    User.objects.filter(username=reader).update(username="bo@voorbeeld.example")
    client = browser()
    assert sign_in(client, "bo@voorbeeld.example", PASSWORD) == 302
    assert client.session["_auth_user_id"] == str(find.user("bo@voorbeeld.example").pk)


@pytest.mark.parametrize("name", ["", "ons-reader", "bo@voorbeeld.example", "twee@voorbeeld.example", "niemand", "a@b"])
@override_settings(PASSWORD_HASHERS=[f"{__name__}.CountingHasher"])
def test_whoever_is_meant_one_password_is_hashed(reader: str, name: str) -> None:
    User.objects.filter(username=reader).update(email="bo@voorbeeld.example")
    User.objects.filter(username__in=["ons-approver", "ons-operator"]).update(email="twee@voorbeeld.example")
    User.objects.update(password=make_password(PASSWORD))
    CountingHasher.hashed = 0
    assert sign_in(browser(), name, "een ander woord") == 403
    assert CountingHasher.hashed == 1


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


def test_the_guesses_of_others_do_not_keep_out_a_browser_that_the_user_knows(reader: str) -> None:
    known = browser()
    assert sign_in(known, reader, PASSWORD) == 302
    failed(reader, "192.0.2.1", 5)
    failed(reader, "198.51.100.7", 20)
    assert sign_in(browser(), reader, PASSWORD) == 403
    assert sign_in(known, reader, PASSWORD) == 302
    assert sign_in(known, "ons-approver", PASSWORD) == 403  # no device of theirs
    for _ in range(5):
        assert sign_in(known, reader, "een ander woord") == 403
    assert sign_in(known, reader, PASSWORD) == 403


def test_a_device_cookie_is_signed_and_holds_the_last_users(reader: str) -> None:
    cookie = ""
    users = [User.objects.create(username=f"nummer-{number}") for number in range(devices.MOST_USERS + 1)]
    for user in users:
        cookie = devices.remember(cookie, user)
    assert devices.device_of(cookie, "nummer-0") == ""
    assert devices.device_of(cookie, "nummer-1") == devices.device_of(cookie, users[-1].username) != ""
    assert devices.device_of(f"x{cookie}", "nummer-1") == devices.device_of("", "nummer-1") == ""


def test_a_flood_of_passwords_is_told_to_come_back_and_counts_for_nothing(reader: str) -> None:
    with ExitStack() as places:
        for _ in range(hashing.AT_ONCE + hashing.WAITING):
            hashing._PLACES.acquire()
            places.callback(hashing._PLACES.release)
        response = browser().post("/sign-in", {"name": reader, "password": PASSWORD})
        assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
        with pytest.raises(hashing.Busy):
            account_sign_in.sign_in("hr", PASSWORD, "192.0.2.1", tls=True)
    assert not AttemptCounter.objects.exists()
    assert sign_in(browser(), reader, PASSWORD) == 302


def test_what_is_typed_as_an_unknown_name_is_kept_nowhere(
    reader: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("instroom"), "propagate", True)  # to where the test reads
    for _ in range(2):
        sign_in(browser(), "mijn geheime wachtwoord", PASSWORD, "192.0.2.9")
    facts = [entry.facts for entry in AuditEntry.objects.filter(action="sign-in-failed")]
    assert facts[0] == facts[1]
    assert (set(facts[0]), len(facts[0]["whose"])) == ({"address", "whose"}, 16)
    assert {one.getMessage() for one in caplog.records} == {"192.0.2.9: sign-in failed"}


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


@pytest.mark.parametrize("password", ["kort", "ons-reader-1", "password12345", "Instroom2026!", "123456789012", ""])
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
