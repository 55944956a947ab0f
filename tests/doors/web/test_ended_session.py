"""Who goes on in an open page after their session has ended signs in again, and loses nothing that they typed."""

import html
import re

import pyotp
import pytest
from django.http import HttpResponse
from django.test import Client
from tests.doors.web.test_organisation import come_in, provider  # noqa: F401 - a fixture
from tests.doors.web.web_customer import ANNA, PASSWORD, WebCustomer, browser, give_second_factor, with_password
from tests.oidc_provider import OidcProvider

from instroom.doors.web import urls
from instroom.doors.web.frame.ended_session import ACTS, UNSENT
from instroom.flow.people import codes
from instroom.store.models import Delivery, User, WebSession

REASON = 'Er staan mensen in van "Zuid" & Co, en dat klopt niet.'
PAGE = "http://localhost/customers/ons/deliveries?group=waiting"


@pytest.fixture
def delivery(customer: WebCustomer) -> Delivery:
    return customer.deliver(ANNA)


@pytest.fixture
def approver(customer: WebCustomer) -> Client:
    """Their session has ended, and a page of it is still open."""
    client = with_password(customer, "approver")
    WebSession.objects.all().delete()
    return client


def inputs(response: HttpResponse) -> dict[str, str]:
    """The hidden fields of the last form of a page, and what shows that it is ours."""
    form = response.content.decode().rpartition("<form")[2]
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found}


def typed(response: HttpResponse) -> dict[str, str]:
    return {name: value for name, value in inputs(response).items() if name != "csrfmiddlewaretoken"}


def refuse(client: Client, delivery: Delivery) -> HttpResponse:
    return client.post(f"/customers/ons/deliveries/{delivery.pk}/refuse", {"reason": REASON}, headers={"referer": PAGE})


def sign_in(client: Client, response: HttpResponse, **more: str) -> HttpResponse:
    """By the form of the page that was answered."""
    return client.post(
        "/sign-in", {**inputs_of_sign_in(response), "name": "ons-approver", "password": PASSWORD, **more}
    )


def inputs_of_sign_in(response: HttpResponse) -> dict[str, str]:
    text = response.content.decode()
    return dict(re.findall(r'<input type="hidden" name="(next|unsent)" value="([^"]*)"', text[text.index("sign-in") :]))


def test_what_was_typed_is_sent_after_signing_in_again(approver: Client, delivery: Delivery) -> None:
    asked = refuse(approver, delivery)
    assert asked.status_code == 401
    assert "You were away for too long." in asked.content.decode()
    assert REASON not in html.unescape(asked.content.decode()), "the next one at this screen may be somebody else"
    after = sign_in(approver, asked)
    assert after.headers["Location"] == "/unsent"
    shown = approver.get("/unsent")
    assert html.escape(REASON) in shown.content.decode()
    assert 'href="/customers/ons/deliveries?group=waiting"' in shown.content.decode()
    assert f'action="/customers/ons/deliveries/{delivery.pk}/refuse"' in shown.content.decode()
    assert typed(shown) == {"reason": REASON}
    approver.post(f"/customers/ons/deliveries/{delivery.pk}/refuse", inputs(shown))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("refused", REASON)
    assert approver.get("/unsent").headers["Location"] == "/", "it is shown once"


def test_a_form_without_a_sentence_says_what_it_does(approver: Client, delivery: Delivery) -> None:
    asked = approver.post(f"/customers/ons/deliveries/{delivery.pk}/reschedule", {"when": "now"})
    assert sign_in(approver, asked).headers["Location"] == "/unsent"
    assert "<strong>Change the time</strong>" in approver.get("/unsent").content.decode()
    assert set(ACTS) <= {one.name for one in urls.urlpatterns}


def test_a_wrong_password_and_a_second_factor_keep_it_too(approver: Client, delivery: Delivery) -> None:
    secret, _ = give_second_factor(User.objects.get(username="ons-approver"))
    wrong = sign_in(approver, refuse(approver, delivery), password="onjuist")  # noqa: S106 - of nobody
    assert wrong.status_code == 403
    assert sign_in(approver, wrong).headers["Location"] == "/sign-in/code"
    after = approver.post("/sign-in/code", {"code": pyotp.TOTP(secret).at(int(codes.time.time()))})
    assert after.headers["Location"] == "/unsent"
    assert typed(approver.get("/unsent")) == {"reason": REASON}


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/account/password", {"password": PASSWORD, "new": "zes witte zwanen"}),
        ("/account/language", {"language": ""}),
        ("/account/language", {"language": "x" * 200_000}),
        ("/account/language", {f"{number:0950}": "nl" * 50 for number in range(99)}),
    ],
    ids=["a secret", "nothing", "far too much", "far too long names"],
)
def test_secrets_and_what_says_nothing_are_not_kept(approver: Client, path: str, fields: dict[str, str]) -> None:
    asked = approver.post(path, fields, headers={"referer": "http://localhost/account"})
    assert asked.headers["Location"] == "/sign-in?next=/account&ended=1"
    assert sign_in(approver, approver.get(asked.headers["Location"])).headers["Location"] == "/account"


def test_what_one_person_typed_is_not_shown_to_another_who_signs_in_after_them(
    customer: WebCustomer, delivery: Delivery
) -> None:
    with_password(customer, "approver")
    with_password(customer, "operator")
    client = browser()
    client.post("/sign-in", {"name": "ons-approver", "password": PASSWORD})
    WebSession.objects.all().delete()
    asked = refuse(client, delivery)
    sign_in(client, asked, name="ons-operator")
    assert client.get("/unsent").headers["Location"] == "/"
    client.post("/sign-out")
    sign_in(client, asked)
    assert typed(client.get("/unsent")) == {"reason": REASON}


def test_who_signs_in_with_their_organisation_loses_nothing_either(
    approver: Client,
    delivery: Delivery,
    provider: OidcProvider,  # noqa: F811
) -> None:
    asked = inputs_of_sign_in(refuse(approver, delivery))
    page = approver.post("/sign-in/organisation", {**asked, "name": "", "password": ""})
    wrong = approver.post("/sign-in/organisation", {**inputs(page), "wanted": "niemand"})
    assert (page.status_code, wrong.status_code, UNSENT in approver.session) == (200, 403, False)
    begun = approver.post("/sign-in/organisation", {**inputs(wrong), "wanted": "ons"})
    assert come_in(approver, provider, begun).headers["Location"] == "/unsent"
    assert typed(approver.get("/unsent")) == {"reason": REASON}


@pytest.mark.parametrize("text", ["", "onzin", "gAAAAABm"])
def test_what_is_not_ours_is_not_shown(approver: Client, text: str) -> None:
    after = approver.post(
        "/sign-in", {"name": "ons-approver", "password": PASSWORD, "unsent": text, "next": "/account"}
    )
    assert after.headers["Location"] == "/account"
    assert approver.get("/unsent").headers["Location"] == "/"


def test_a_form_of_another_site_is_not_kept(customer: WebCustomer, delivery: Delivery) -> None:
    client = browser(checks_forms=True)
    assert "unsent" not in refuse(client, delivery).content.decode()


def test_a_part_of_a_page_leads_the_whole_page_to_signing_in(approver: Client, delivery: Delivery) -> None:
    page = f"/customers/ons/deliveries/{delivery.pk}/plan"
    asked = approver.get(
        f"{page}?what=new", headers={"hx-request": "true", "hx-current-url": f"http://localhost{page}"}
    )
    assert (asked.status_code, asked.content) == (401, b"")
    assert asked.headers["HX-Redirect"] == f"/sign-in?next={page}&ended=1"
    assert "You were away for too long." in approver.get(asked.headers["HX-Redirect"]).content.decode()


def test_who_was_never_here_is_not_told_that_they_were_away(customer: WebCustomer) -> None:
    assert browser().get("/customers/ons").headers["Location"] == "/sign-in?next=/customers/ons"


def test_who_signed_in_in_another_tab_sends_the_form_again(customer: WebCustomer, delivery: Delivery) -> None:
    client = browser(checks_forms=True)
    client.cookies["instroom-language"] = "en"
    client.force_login(User.objects.get(username="ons-approver"))
    client.cookies["instroom-form"] = "b" * 32
    fields = {"reason": REASON, "csrfmiddlewaretoken": "a" * 32}
    address = f"/customers/ons/deliveries/{delivery.pk}/refuse"
    own = client.post(address, fields, headers={"referer": PAGE, "sec-fetch-site": "same-origin"})
    assert typed(own) == {"reason": REASON}
    for site in ("cross-site", "same-site", "none"):
        other = client.post(address, fields, headers={"referer": PAGE, "sec-fetch-site": site})
        assert other.status_code == 403
        assert "reason" not in typed(other)
    client.post(address, inputs(own))
    delivery.refresh_from_db()
    assert delivery.state == "refused"


def test_an_address_that_forms_are_sent_to_says_so(customer: WebCustomer, delivery: Delivery) -> None:
    answer = customer.signed_in("approver").get(f"/customers/ons/deliveries/{delivery.pk}/refuse")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "Forms are sent to this address; it has no page." in answer.content.decode()


def test_a_page_knows_when_its_session_ends_and_asks_to_go_on(customer: WebCustomer) -> None:
    client = customer.signed_in("approver")
    assert 'data-seconds="3599"' in client.get("/account").content.decode().replace("3600", "3599")
    assert client.get("/account/session").json()["seconds"] in (3599, 3600)


@pytest.mark.parametrize("address", ["http://[", "http://localhost/\\voorbeeld.example", "//voorbeeld.example/x", "?"])
def test_no_address_of_a_page_breaks_signing_in(customer: WebCustomer, address: str) -> None:
    by_script = browser().get("/customers/ons", headers={"hx-request": "true", "hx-current-url": address})
    assert by_script.status_code == 401
    assert re.fullmatch(r"/sign-in\?next=/(voorbeeld.example|x)?", by_script.headers["HX-Redirect"])
    sent = browser().post("/account/language", {"reason": REASON}, headers={"referer": address})
    assert sent.status_code == 401
