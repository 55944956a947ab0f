"""What holds for every page: headers, forms, language."""

import logging
from pathlib import Path

import pytest
from django.test import override_settings
from tests.doors.api.programs import program, token_of
from tests.doors.web.web_customer import ANNA, WebCustomer, browser, markup

PAGES = ["/sign-in", "/customers/ons", "/nergens", "/customers/ons/deliver"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_may_only_show_itself_and_ask_us(page: str, customer: WebCustomer) -> None:
    headers = customer.signed_in("supplier").get(page).headers
    rules = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    own = ("script-src", "style-src", "img-src", "font-src", "connect-src", "form-action")
    assert {rules[name] for name in own} == {"'self'"}
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_no_script_or_style_of_its_own(page: str, customer: WebCustomer) -> None:
    text = customer.signed_in("supplier").get(page).content.decode()
    assert "<style" not in text
    assert " style=" not in text
    assert "javascript:" not in text
    assert text.count("<script ") == text.count("<script src=")
    assert "//" not in text.replace("<!doctype html>", "").replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("address", ["/sign-in", "/sign-out", "/language", "/customers/ons/deliver"])
def test_a_form_of_another_site_is_refused(address: str, customer: WebCustomer) -> None:
    client = browser(checks_forms=True)
    client.force_login(customer.signed_in("supplier").get("/customers/ons").wsgi_request.user)
    assert client.post(address, {"language": "en"}).status_code == 403


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({}, "De koppen Origin en Referer ontbreken."),
        ({"origin": "null"}, "van een ander adres"),
        ({"origin": ""}, "van een ander adres"),
        ({"origin": "https://binnen:8000"}, "van een ander adres"),
        ({"referer": "http://localhost/sign-in"}, "van een ander adres"),
        ({"origin": "https://localhost"}, "heeft de cookie van deze site niet meegestuurd"),
    ],
)
def test_what_a_form_lost_on_its_way_is_named(headers: dict[str, str], said: str) -> None:
    response = browser(checks_forms=True).post("/sign-in", {"name": "x"}, secure=True, headers=headers)
    page = markup(response)  # type: ignore[arg-type]
    assert (response.status_code, said in page, "formulier is verlopen" in page) == (403, True, False)
    assert "binnen" not in page


def test_a_form_with_the_word_of_another_page_was_open_for_too_long() -> None:
    client = browser(checks_forms=True)
    client.get("/sign-in")
    response = client.post("/sign-in", {"csrfmiddlewaretoken": "x" * 64})
    assert (response.status_code, "formulier is verlopen" in markup(response)) == (403, True)  # type: ignore[arg-type]


def test_files_that_are_away_for_a_while_are_said(customer: WebCustomer, tmp_path: Path) -> None:
    delivery, client = customer.deliver(ANNA), customer.signed_in("reader")
    client.raise_request_exception = False
    with override_settings(INSTROOM_FILES=tmp_path / "away"):
        response = client.get(f"/customers/ons/deliveries/{delivery.pk}/files/report?lang=en&format=csv")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert "Try again in a minute" in response.content.decode()


def test_an_unknown_host_is_refused() -> None:
    assert browser().get("/sign-in", HTTP_HOST="elders.example").status_code == 400


def test_health_is_told_to_any_host() -> None:
    response = browser().get("/healthz", HTTP_HOST="10.0.0.1:8000")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_who_is_refused_is_in_the_log_without_what_was_asked_for(
    customer: WebCustomer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("instroom"), "propagate", True)  # to where the test reads
    client = customer.signed_in("supplier")
    for address in ("/customers/elders/deliveries", "/customers/ons/users", "/nergens", "/sign-in", "/customers/ons"):
        client.get(address)
    for token in (token_of(customer, "reader"), "niets"):
        program(token).get("/api/v1/customers/ons/users?q=Voorbeeld")
    assert list(dict.fromkeys(one.getMessage() for one in caplog.records)) == [
        "127.0.0.1: GET deliveries refused with 404, user ons-supplier",
        "127.0.0.1: GET users refused with 403, user ons-supplier",
        "127.0.0.1: GET api-1:list_users refused with 403, user ons-reader",
        "127.0.0.1: GET api-1:list_users refused with 401, user -",
    ]


@pytest.mark.parametrize(
    ("cookie", "header", "expected"),
    [("", "", "Aanmelden"), ("en", "", "Sign in"), ("nl", "en", "Aanmelden"), ("", "en-GB", "Aanmelden"),
     ("xx", "", "Aanmelden")],
)  # fmt: skip
def test_dutch_unless_english_was_chosen(cookie: str, header: str, expected: str) -> None:
    client = browser()
    if cookie:
        client.cookies["instroom-language"] = cookie
    response = client.get("/sign-in", HTTP_ACCEPT_LANGUAGE=header)
    assert f"<h1>{expected}</h1>" in response.content.decode()
    assert response.headers["Content-Language"] == ("en" if expected == "Sign in" else "nl")


def test_the_choice_of_a_language_is_kept_and_leads_back() -> None:
    client = browser()
    response = client.post("/language", {"language": "en", "next": "/sign-in?next=/"})
    assert response.headers["Location"] == "/sign-in?next=/"
    assert "Sign in" in client.get("/sign-in").content.decode()
    assert client.post("/language", {"language": "nl", "next": "//elders.example"}).headers["Location"] == "/"
