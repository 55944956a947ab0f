"""Whatever goes wrong is told as a problem document (RFC 9457), in the language of the program."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpRequest
from django.test import RequestFactory, override_settings
from tests.doors.api.programs import deliver, program, token_of
from tests.doors.web.web_customer import ANNA, WebCustomer

from instroom.core.model import Limits
from instroom.doors.api.problems import KINDS, problem_response
from instroom.flow import find, throttle
from instroom.flow.delivery import answer
from instroom.flow.moving import closing
from instroom.store.models import Delivery, Role, User

DELIVERIES = "/api/v1/customers/ons/deliveries"


DIGEST = b"0" * 64


def told(response: Any, status: int, kind: str) -> dict[str, Any]:
    """The document, once it is sure that it is this one."""
    assert response.headers["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert (response.status_code, document["status"]) == (status, status)
    assert document["type"] == f"urn:instroom:problem:{kind}"
    assert "Traceback" not in response.content.decode()
    return document


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_each_is_said_in_both_languages(kind: str, lang: str) -> None:
    document = problem_response(RequestFactory().get("/", {"lang": lang}), kind, "…")
    assert document.headers["Content-Language"] == lang


@pytest.mark.parametrize(
    ("header", "query", "title"),
    [("", "", "Niet gevonden"), ("en-GB,nl;q=0.5", "", "Not found"), ("fr,de", "", "Niet gevonden"),
     ("nl", "?lang=en", "Not found"), ("en", "?lang=fr", "Not found")],
)  # fmt: skip
def test_the_language_is_asked_for(header: str, query: str, title: str) -> None:
    response = program(lang=header).get(f"/api/v1/niets{query}")
    assert told(response, 404, "not-found")["title"] == title


@pytest.mark.parametrize("path", ["/api/v1/niets", "/api/niets", "/api/v2/me", "/api/v1/customers/ons/x/dossiers?q=a"])
def test_what_does_not_exist(customer: WebCustomer, path: str) -> None:
    told(program(token_of(customer, "reader")).get(path), 404, "not-found")


@pytest.mark.on_postgresql
@pytest.mark.parametrize("number", ["x", "0193e7a0", "0193e7a0-0000-7000-8000-000000000009", "%00"])
def test_a_delivery_that_does_not_exist(customer: WebCustomer, number: str) -> None:
    told(program(token_of(customer, "reader")).get(f"{DELIVERIES}/{number}"), 404, "not-found")


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_what_is_not_done_here(customer: WebCustomer, method: str) -> None:
    response = getattr(program(token_of(customer, "reader")), method)(DELIVERIES)
    told(response, 405, "method")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "POST"}


@pytest.mark.parametrize("host", ["elders.voorbeeld.example", "a b"])
def test_a_host_that_is_not_ours(host: str) -> None:
    told(program().get("/api/v1/me", SERVER_NAME=host), 400, "malformed")


@pytest.mark.on_postgresql
@pytest.mark.parametrize(
    ("query", "place"),
    [("limit=0", "query.limit"), ("limit=201", "query.limit"), ("limit=x", "query.limit"), ("state=weg", "query.state"),
     ("cursor=x", "query.cursor"), ("cursor=", "query.cursor"), ("cursor=OTk5OTpo", "query.cursor"),
     ("cursor=NTA6eA==", "query.cursor"), ("cursor=%00", "query.cursor"),
     ("stat=rejected", "query.stat")],
)  # fmt: skip
def test_values_that_will_not_do_are_named(customer: WebCustomer, query: str, place: str) -> None:
    document = told(program(token_of(customer, "reader")).get(f"{DELIVERIES}?{query}"), 422, "invalid")
    assert [one["place"] for one in document["errors"]] == [place]
    assert all(one["message"] for one in document["errors"])


def test_what_is_wrong_is_said_in_the_language_of_the_program(customer: WebCustomer) -> None:
    token = token_of(customer, "reader")
    said = {
        lang: program(token, lang).get(f"{DELIVERIES}?limit=201&state=weg").json()["errors"] for lang in ("nl", "en")
    }
    assert [one["message"] for one in said["nl"]][1:] == ["Hoogstens 200."]
    assert said["en"][1] == {"place": "query.limit", "message": "At most 200."}
    assert said["en"][0]["message"].startswith("Choose one of received, checking, rejected, ")


WRONG_CONTENT: list[tuple[bytes, str, int, str]] = [
    (b"{", "application/json", 400, "malformed"), (b'{"at": NaN}', "application/json", 400, "malformed"),
     (b"\xff", "application/json", 400, "malformed"), (b"{}", "text/plain", 415, "media-type"),
     (b"at=now", "application/x-www-form-urlencoded", 415, "media-type"),
     (b'{"ta": "now"}', "application/json", 422, "invalid"), (b"[]", "application/json", 422, "invalid"),
     (b'{"at": "morgen"}', "application/json", 422, "invalid"), (b'{"at": 5}', "application/json", 422, "invalid"),
     (b'{"at": "2030-01-01T20:00:00"}', "application/json", 422, "invalid"),
     (b"{}", "application/json", 422, "invalid"), (b"", "application/json", 422, "invalid"),
     (b'{"at": "now"}', "application/json", 422, "invalid"), (b'{"digest": null}', "application/json", 422, "invalid"),
     (b'{"at": "2001-01-01T20:00:00Z", "digest": "' + DIGEST + b'"}', "application/json", 409, "not-possible"),
     (b'{"at": "9999-12-31T23:59:59-14:00", "digest": "' + DIGEST + b'"}', "application/json", 409, "not-possible"),
     (b'{"digest": "' + DIGEST + b'"}', "application/json", 409, "not-possible"),
     (b'{"x": "' + b"y" * 3_000_000 + b'"}', "application/json", 413, "too-large")]  # fmt: skip


def test_content_that_cannot_be(customer: WebCustomer) -> None:
    delivery = customer.deliver(ANNA)
    client = program(token_of(customer, "approver"))
    for content, media_type, status, kind in WRONG_CONTENT:
        told(client.post(f"{DELIVERIES}/{delivery.pk}/approve", content, media_type), status, kind)
        delivery.refresh_from_db()
        assert delivery.state == "awaiting-approval", content[:80]


def test_a_refusal_without_a_sound_reason(customer: WebCustomer) -> None:
    client = program(token_of(customer, "approver"))
    delivery = customer.deliver(ANNA)
    for reason in ("", "   ", "x" * 2001, "a\0b", None, 5):
        response = client.post(f"{DELIVERIES}/{delivery.pk}/refuse", {"reason": reason}, "application/json")
        assert told(response, 422, "invalid")["errors"][0]["place"].startswith("body."), reason


@pytest.mark.on_postgresql
@pytest.mark.parametrize(
    "path", ["live/person?source=HR&id=%00", "live/dossiers?q=%00", "live/export?layout=../../x.toml",
             "live/export?layout=/etc/x.toml", "template?layout=x.toml", "live/export?format=exe", "live/person"]
)  # fmt: skip
def test_what_could_do_harm_goes_no_further(customer: WebCustomer, path: str) -> None:
    told(program(token_of(customer, "operator")).get(f"/api/v1/customers/ons/{path}"), 422, "invalid")


@pytest.mark.parametrize(
    ("asked", "status", "kind"),
    [({"connection": "geen"}, 404, "not-found"), ({"layout": "geen"}, 404, "not-found"),
     ({"layout": "../a.toml"}, 422, "invalid"), ({"skip_limit_percent": "101"}, 422, "invalid"),
     ({"blank": "maybe"}, 422, "invalid"), ({"corrects": "0193e7a0-0000-7000-8000-000000000009"}, 404, "not-found"),
     ({f"veld{number}": "x" for number in range(101)}, 400, "malformed")],
)  # fmt: skip
def test_a_delivery_that_cannot_be_taken_in(
    customer: WebCustomer, asked: dict[str, str], status: int, kind: str
) -> None:
    told(deliver(program(token_of(customer, "supplier")), customer, b"x", **asked), status, kind)


def test_a_delivery_without_a_file(customer: WebCustomer) -> None:
    client = program(token_of(customer, "supplier"))
    missing = told(client.post(DELIVERIES, {"blank": "leave"}), 422, "invalid")
    assert missing["errors"] == [{"place": "file.file", "message": "This field is required."}]
    empty = told(deliver(client, customer, b""), 422, "invalid")
    assert empty["errors"] == [{"place": "file.file", "message": "The file is empty."}]
    told(client.post(DELIVERIES, b"a;b", "text/csv"), 415, "media-type")
    told(client.post(DELIVERIES, b"--x\r\n", "multipart/form-data"), 400, "malformed")


def test_a_file_above_the_limit(customer: WebCustomer) -> None:
    file = SimpleUploadedFile("groot.csv", b"x" * (Limits().file_bytes + 1))
    told(program(token_of(customer, "supplier")).post(DELIVERIES, {"file": file}), 413, "too-large")


def test_a_fault_of_our_own(customer: WebCustomer) -> None:
    delivery = customer_delivery(customer)
    Delivery.objects.update(counts=["what nobody wrote"])
    told(program(token_of(customer, "reader")).get(f"{DELIVERIES}/{delivery}"), 500, "broken")


def test_a_store_that_is_away_for_a_while(customer: WebCustomer, tmp_path: Path) -> None:
    client = program(token_of(customer, "supplier"))
    with override_settings(INSTROOM_FILES=tmp_path / "away"):
        response = deliver(client, customer, b"x")
        told(response, 503, "unavailable")
        assert response.headers["Retry-After"] == "30"
    assert not Delivery.objects.exists()


def test_a_database_that_is_away_for_a_while(customer: WebCustomer) -> None:
    client = program(token_of(customer, "reader"))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE store_plan RENAME TO store_plan_away")
    try:
        told(client.get(f"{DELIVERIES}/{customer_delivery(customer)}"), 503, "unavailable")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE store_plan_away RENAME TO store_plan")


def customer_delivery(customer: WebCustomer) -> str:
    """The id of a delivery that has just come in."""
    from instroom.flow import find
    from instroom.flow.delivery.receive import receive

    return str(receive(customer.file(ANNA), find.customer(customer.name), by=find.user("ons-supplier")).pk)


def test_answers_are_for_this_program_alone(customer: WebCustomer) -> None:
    response = program(token_of(customer, "reader")).get("/api/v1/me")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Language"] == "en"
    assert not response.cookies
    assert isinstance(response.wsgi_request, HttpRequest)


def test_the_pages_of_people_stay_pages() -> None:
    response = program().get("/sign-in/niets")
    assert response.headers["Content-Type"].startswith("text/html")


def test_without_room_nothing_is_taken_in(customer: WebCustomer, monkeypatch: pytest.MonkeyPatch) -> None:
    from instroom.flow.delivery import room
    from instroom.store.models import Customer, Delivery

    client, address = program(token_of(customer, "supplier", "deliver")), "/api/v1/customers/ons/deliveries"
    Customer.objects.filter(name="ons").update(quota=10)
    with customer.file(ANNA).open("rb") as file:
        response = client.post(address, {"file": file})
    assert (response.status_code, response.json()["type"]) == (507, "urn:instroom:problem:no-room")
    monkeypatch.setattr(room, "MOST_WAITING", 0)
    with customer.file(ANNA).open("rb") as file:
        response = client.post(address, {"file": file})
    assert (response.status_code, response.json()["type"]) == (429, "urn:instroom:problem:too-many-waiting")
    assert response.headers["Retry-After"] == "60"
    assert not Delivery.objects.exists()


def test_while_a_customer_moves_programs_and_people_come_again(customer: WebCustomer) -> None:
    client = program(token_of(customer, "supplier", "deliver"))
    closing.close(find.customer("ons"), by=find.user("ons-operator"))
    with customer.file(ANNA).open("rb") as file:
        response = client.post("/api/v1/customers/ons/deliveries", {"file": file})
    assert (response.status_code, response.json()["type"]) == (503, "urn:instroom:problem:moving")
    assert response.headers["Retry-After"] == "600"
    page = customer.signed_in("supplier").get("/customers/ons/deliveries")
    assert (page.status_code, "is moving to another site" in page.content.decode()) == (503, True)


def test_while_a_report_is_made_programs_come_again(customer: WebCustomer, monkeypatch: pytest.MonkeyPatch) -> None:

    delivery = customer.deliver(ANNA)
    monkeypatch.setattr(answer, "PATIENCE", 0.0)
    address = f"/api/v1/customers/ons/deliveries/{delivery.pk}/files/report"
    response = program(token_of(customer, "reader")).get(address)
    assert (response.status_code, response.json()["type"]) == (503, "urn:instroom:problem:being-made")
    assert response.headers["Retry-After"] == "5"


@override_settings(SECURE_SSL_REDIRECT=True)
def test_over_plain_http_a_program_is_not_led_on(customer: WebCustomer) -> None:
    client = program(token_of(customer, "reader", "read"))
    response = client.get(DELIVERIES)
    assert (response.status_code, response.json()["type"]) == (403, "urn:instroom:problem:no-tls")
    assert client.get(DELIVERIES, secure=True).status_code == 200
    assert client.get("/sign-in").status_code == 301


def test_exports_and_reports_have_a_rate_of_each_person(customer: WebCustomer, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = customer.deliver(ANNA)
    reader = User.objects.get(username="ons-reader")
    Role.objects.create(customer=delivery.customer, user=reader, name=Role.EXPORTER)
    for name, address in (("EXPORTS", "live/export"), ("ANSWERS", f"deliveries/{delivery.pk}/files/report")):
        monkeypatch.setattr(answer, "PATIENCE", 0.0)
        monkeypatch.setattr(throttle, name, (replace(getattr(throttle, name)[0], attempts=2),))
        client = program(token_of(customer, "reader", "read", "export"))
        responses = [client.get(f"/api/v1/customers/ons/{address}") for _ in range(3)]
        assert [response.status_code == 429 for response in responses] == [False, False, True]
        assert responses[-1].json()["type"] == "urn:instroom:problem:too-often"
        assert responses[-1].headers["Retry-After"] == "60"
        other = program(token_of(customer, "operator")).get(f"/api/v1/customers/ons/{address}")
        assert other.status_code != 429
        for response in (*responses, other):
            response.close()
