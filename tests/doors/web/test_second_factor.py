"""The second factor: set up, asked, replayed, guessed, lost (RFC 6238)."""

import re
import time
import uuid
import xml.etree.ElementTree as ET
from threading import Barrier, Thread
from types import SimpleNamespace

import pyotp
import pytest
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from tests.doors.web.test_routes import DOSSIERS, OF_A_CUSTOMER
from tests.doors.web.web_customer import PASSWORD, WebCustomer, browser, give_second_factor, markup
from tests.elapsed import elapse

from instroom.core.errors import NotAllowed
from instroom.flow import find, throttle
from instroom.flow.people import codes, second_factor
from instroom.flow.people.passwords import set_password
from instroom.store.models import AuditEntry, RecoveryCode, User
from instroom.store.sealing import SealBroken, seal, unseal

PAGE = "/account/second-factor"
FORM = {"name": "ons-approver", "password": PASSWORD}
FIRST, ANOTHER = "the-first-key-" * 3, "another-key-" * 3


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """For codes the clock stands still: no step of 30 seconds ends within a test."""
    now = time.time()
    monkeypatch.setattr(codes, "time", SimpleNamespace(time=lambda: now))


@pytest.fixture
def approver(customer: WebCustomer) -> User:
    """Somebody with a password and no second factor yet."""
    set_password(find.user("ons-approver"), PASSWORD)
    return User.objects.get(username="ons-approver")


@pytest.fixture
def spare(approver: User) -> list[str]:
    """The recovery codes of somebody with a second factor."""
    return give_second_factor(approver)[1]


def code_of(user: User, steps: int = 0) -> str:
    """What the app shows, `steps` of 30 seconds from now."""
    user.refresh_from_db()
    return pyotp.TOTP(unseal(user.totp_secret, codes.PURPOSE)).at(int(codes.time.time()) + 30 * steps)


def now(secret: str) -> str:
    return pyotp.TOTP(secret).at(int(codes.time.time()))


def begin(client: Client) -> str:
    """Give the password, and read the secret on the page."""
    assert client.post(PAGE, {"password": PASSWORD}).headers["Location"] == PAGE
    found = re.search(r'class="secret">([A-Z2-7 ]+)<', markup(client.get(PAGE)))
    assert found is not None
    return found[1].replace(" ", "")


def at_the_code() -> Client:
    """The browser of who has given the right password."""
    client = browser()
    client.cookies["instroom-language"] = "en"
    assert client.post("/sign-in", FORM).headers["Location"] == "/sign-in/code"
    return client


def give(client: Client, code: str) -> int:
    """Fill in the code; the status of the answer."""
    return client.post("/sign-in/code", {"code": code}).status_code


def test_it_is_set_up_with_a_picture_and_a_first_code(customer: WebCustomer, approver: User) -> None:
    client, elsewhere = customer.signed_in("approver"), customer.signed_in("approver")
    assert "img" not in markup(client.get(PAGE))
    assert client.get(f"{PAGE}.svg").status_code == 403
    assert client.post(PAGE, {"password": "gegokt"}).status_code == 400
    secret = begin(client)
    picture = client.get(f"{PAGE}.svg")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert ET.fromstring(picture.content).tag.endswith("svg")  # noqa: S314 - our own
    assert secret not in str(client.session.items())
    assert "img" not in markup(elsewhere.get(PAGE))  # the secret is seen where the password was given
    assert client.post(PAGE, {"code": "000000"}).status_code == 400
    shown = markup(client.post(PAGE, {"code": now(secret)}))
    assert shown.count("<li>") == codes.RECOVERY_CODES
    assert "Your second factor is on." in shown
    approver.refresh_from_db()
    assert unseal(approver.totp_secret, codes.PURPOSE) == secret
    assert secret not in approver.totp_secret
    assert client.get(f"{PAGE}.svg").status_code == 403  # never shown again
    assert secret not in markup(client.get(PAGE)).replace(" ", "")
    assert elsewhere.get("/account").status_code == 302


def test_what_is_begun_ends_after_ten_minutes(
    customer: WebCustomer, approver: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = customer.signed_in("approver")
    secret = begin(client)
    monkeypatch.setattr(second_factor, "SET_UP_WITHIN", -1)
    assert client.post(PAGE, {"code": now(secret)}).status_code == 400
    assert "img" not in markup(client.get(PAGE))
    assert User.objects.get(pk=approver.pk).totp_since is None


def test_the_code_is_asked_after_the_password(approver: User, spare: list[str]) -> None:
    client = at_the_code()
    assert client.get("/customers/ons").status_code == 302
    assert give(client, code_of(approver)) == 302
    assert client.get("/customers/ons").status_code == 200
    actions = list(AuditEntry.objects.order_by("at", "pk").values_list("action", flat=True))
    assert actions[-2:] == ["second-factor-on", "signed-in"]


def test_after_the_code_comes_the_page_that_was_asked_for(approver: User, spare: list[str]) -> None:
    client = browser()
    client.post("/sign-in", {**FORM, "next": "/customers/ons/deliveries"})
    answer = client.post("/sign-in/code", {"code": code_of(approver)})
    assert answer.headers["Location"] == "/customers/ons/deliveries"


@pytest.mark.parametrize(("steps", "status"), [(-2, 403), (-1, 302), (0, 302), (1, 302), (2, 403)])
def test_a_clock_may_be_off_by_one_step(approver: User, spare: list[str], steps: int, status: int) -> None:
    assert give(at_the_code(), code_of(approver, steps)) == status


def test_a_code_opens_once_and_so_do_those_before_it(approver: User, spare: list[str]) -> None:
    first, second = at_the_code(), at_the_code()
    code, before, after = code_of(approver), code_of(approver, -1), code_of(approver, 1)
    assert give(first, code) == 302
    assert give(second, code) == 403
    assert give(second, before) == 403
    assert give(second, after) == 302


def test_of_two_at_once_with_one_code_one_gets_in(approver: User, spare: list[str]) -> None:
    code, ready, outcomes = code_of(approver), Barrier(2), []

    def attempt() -> None:
        ready.wait()
        try:
            codes.check(approver, code, "192.0.2.1")
            outcomes.append("in")
        except NotAllowed:
            outcomes.append("out")
        finally:
            connection.close()

    people = [Thread(target=attempt) for _ in range(2)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert sorted(outcomes) == ["in", "out"]


def test_a_recovery_code_opens_once(approver: User, spare: list[str]) -> None:
    assert give(at_the_code(), spare[0].upper().replace("-", " ")) == 302
    assert give(at_the_code(), spare[0]) == 403
    assert give(at_the_code(), spare[1]) == 302
    assert codes.recovery_codes_left(approver) == codes.RECOVERY_CODES - 2
    used = AuditEntry.objects.filter(action="recovery-code-used").values_list("facts", flat=True)
    assert sorted(one["left"] for one in used) == [8, 9]


def test_recovery_codes_are_kept_as_hashes_and_are_of_one_person(
    customer: WebCustomer, approver: User, spare: list[str]
) -> None:
    kept = str(list(RecoveryCode.objects.values()))
    assert not any(code in kept or code.replace("-", "") in kept for code in spare)
    assert len(set(spare)) == codes.RECOVERY_CODES
    other = User.objects.get(username="ons-reader")
    set_password(other, PASSWORD)
    give_second_factor(other)
    with pytest.raises(NotAllowed):
        codes.check(other, spare[0], "192.0.2.1")


def test_guessing_a_code_is_slowed_down_from_whatever_address(approver: User, spare: list[str]) -> None:
    for turn in range(5):
        answer = at_the_code().post("/sign-in/code", {"code": "000000"}, REMOTE_ADDR=f"192.0.2.{turn}")
        assert answer.status_code == 403
    client = at_the_code()
    assert give(client, code_of(approver)) == 403
    assert give(client, spare[0]) == 403
    elapse(minutes=16)
    assert give(client, code_of(approver)) == 302


def test_so_many_wrong_codes_a_day_are_enough(approver: User, spare: list[str]) -> None:
    for _ in range(20):
        throttle.count(throttle.SECOND_FACTOR, name=approver.pk.hex)
    elapse(hours=5)
    client = at_the_code()
    answer = client.post("/sign-in/code", {"code": code_of(approver)})
    assert answer.status_code == 403
    assert "Try again tomorrow." in answer.content.decode()
    elapse(hours=20)
    assert give(client, code_of(approver)) == 302


def test_without_the_password_there_is_no_page_for_the_code(approver: User, spare: list[str]) -> None:
    client = browser()
    assert client.get("/sign-in/code").headers["Location"] == "/sign-in"
    assert client.post("/sign-in/code", {"code": code_of(approver)}).headers["Location"] == "/sign-in"
    wrong = browser()
    wrong.post("/sign-in", {**FORM, "password": "gegokt"})
    assert wrong.post("/sign-in/code", {"code": code_of(approver)}).headers["Location"] == "/sign-in"


def test_the_password_holds_for_ten_minutes_and_while_it_is_the_password(approver: User, spare: list[str]) -> None:
    late, changed = at_the_code(), at_the_code()
    session = late.session
    session["half-in"] = session["half-in"] | {"until": time.time() - 1}
    session.save()
    assert late.post("/sign-in/code", {"code": code_of(approver)}).headers["Location"] == "/sign-in"
    set_password(find.user("ons-approver"), "acht droge sokken")
    assert changed.post("/sign-in/code", {"code": code_of(approver)}).headers["Location"] == "/sign-in"


def test_it_is_taken_off_with_password_and_code(customer: WebCustomer, approver: User, spare: list[str]) -> None:
    client, elsewhere = customer.signed_in("approver"), customer.signed_in("approver")
    for wrong in ({"password": "gegokt", "code": spare[0]}, {"password": PASSWORD, "code": "000000"}):
        assert client.post("/account/second-factor/remove", wrong).status_code == 403
    assert client.post("/account/second-factor/remove", {"password": PASSWORD, "code": spare[0]}).status_code == 302
    assert browser().post("/sign-in", FORM).headers["Location"] == "/"
    assert [one.get("/account").status_code for one in (client, elsewhere)] == [200, 302]
    approver.refresh_from_db()
    assert (approver.totp_secret, RecoveryCode.objects.count()) == ("", 0)


def test_new_recovery_codes_end_the_ones_before(customer: WebCustomer, approver: User, spare: list[str]) -> None:
    client, elsewhere = customer.signed_in("approver"), customer.signed_in("approver")
    form = {"password": PASSWORD, "code": code_of(approver)}
    page = client.post("/account/second-factor/codes", form).content.decode()
    assert [one.get("/account").status_code for one in (client, elsewhere)] == [200, 302]
    assert RecoveryCode.objects.count() == codes.RECOVERY_CODES
    assert not any(code in page for code in spare)
    assert give(at_the_code(), spare[1]) == 403


def test_it_stays_as_it_is_where_the_password_has_been_changed_meanwhile(approver: User) -> None:
    """After it was confirmed, or after the session of whoever asks was begun."""
    before, secret = User.objects.get(pk=approver.pk), pyotp.random_base32()
    before.set_password("an earlier one")
    with pytest.raises(NotAllowed, match="not correct"):
        second_factor.confirm(before, seal(secret, "second-factor-begun"), now(secret))
    spare = give_second_factor(approver)[1]
    for act, code in ((second_factor.remove, spare[0]), (second_factor.renew_recovery_codes, spare[1])):
        before = User.objects.get(pk=approver.pk)
        before.set_password("an earlier one")
        with pytest.raises(NotAllowed, match="not correct"):
            act(before, "an earlier one", code, "192.0.2.1")
    assert User.objects.get(pk=approver.pk).totp_since is not None
    assert codes.recovery_codes_left(approver) == codes.RECOVERY_CODES - 2


def test_a_second_factor_cannot_be_replaced_by_who_is_signed_in(
    customer: WebCustomer, approver: User, spare: list[str]
) -> None:
    client, before = customer.signed_in("approver"), User.objects.get(pk=approver.pk).totp_secret
    for form in ({"password": PASSWORD}, {"code": "123456"}):
        client.post(PAGE, form)
    assert User.objects.get(pk=approver.pk).totp_secret == before
    with pytest.raises(NotAllowed):
        second_factor.begin(approver, PASSWORD, "192.0.2.1")


@override_settings(INSTROOM_SECOND_FACTOR="required")
@pytest.mark.parametrize(("role", "obliged"), [("operator", True), ("approver", True), ("supplier", False)])
def test_where_it_is_required_nothing_goes_before_it(customer: WebCustomer, role: str, obliged: bool) -> None:
    client = customer.signed_in(role)
    for page in ("/customers/ons", "/account", "/customers/ons/deliveries", "/"):
        assert (client.get(page).headers.get("Location") == "/account/second-factor") is obliged
    assert client.post("/customers/ons/deliver").headers.get("Location", "") == (
        "/account/second-factor" if obliged else ""
    )
    if obliged:
        assert "requires a second factor" in client.get("/account/second-factor").content.decode()
        set_password(find.user(f"ons-{role}"), PASSWORD)
        client.force_login(find.user(f"ons-{role}"))
        client.post(PAGE, {"code": now(begin(client))})
        assert client.get("/customers/ons").status_code == 200
    assert client.post("/sign-out").headers["Location"] == "/sign-in"


@override_settings(INSTROOM_SECOND_FACTOR="required")
def test_no_address_of_a_customer_goes_before_it(customer: WebCustomer) -> None:
    client = customer.signed_in("operator")
    for name, route in OF_A_CUSTOMER.items():
        ids = filter(None, ("delivery_id" if route.of_delivery else "", DOSSIERS.get(route.of, route.of)))
        things = dict.fromkeys(ids, str(uuid.uuid4()))
        address = reverse(name, kwargs={"customer": "ons", **route.arguments, **things})
        for response in (client.get(address), client.post(address)):
            assert response.headers.get("Location") == "/account/second-factor", name


@override_settings(INSTROOM_SECOND_FACTOR="off")
def test_where_it_is_off_it_is_not_asked(customer: WebCustomer, approver: User) -> None:
    User.objects.filter(pk=approver.pk).update(totp_since=timezone.now())
    assert browser().post("/sign-in", FORM).headers["Location"] == "/"
    assert "Second factor" not in customer.signed_in("approver").get("/account").content.decode()
    assert customer.signed_in("supplier").get("/account/second-factor").status_code == 403


def test_a_secret_opens_with_the_key_of_the_site_and_for_its_purpose_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSTROOM_SECRET_KEY", FIRST)
    sealed = seal("geheim", "second-factor")
    assert unseal(sealed, "second-factor") == "geheim"
    with pytest.raises(SealBroken):
        unseal(sealed, "something-else")
    monkeypatch.setenv("INSTROOM_SECRET_KEYS", ANOTHER)
    assert unseal(sealed, "second-factor") == "geheim"  # the first one writes, all are read
    monkeypatch.delenv("INSTROOM_SECRET_KEY")
    with pytest.raises(SealBroken):
        unseal(sealed, "second-factor")


def test_after_a_change_of_the_sites_key_the_person_is_told_whom_to_ask(
    approver: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSTROOM_SECRET_KEY", FIRST)
    give_second_factor(approver)
    monkeypatch.setenv("INSTROOM_SECRET_KEY", ANOTHER)
    answer = at_the_code().post("/sign-in/code", {"code": "123456"})
    assert "Ask the administrator of this site to remove it" in answer.content.decode()


def test_the_audit_log_has_no_code_and_no_secret(approver: User, spare: list[str]) -> None:
    give(at_the_code(), "000000")
    give(at_the_code(), spare[0])
    kept = str(list(AuditEntry.objects.values()))
    secret = unseal(User.objects.get(pk=approver.pk).totp_secret, codes.PURPOSE)
    assert not any(text in kept for text in (*spare, secret, "000000"))
