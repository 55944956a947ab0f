"""Query, form, JSON and headers are equally strict, for every operation: nothing that is sent is ignored."""

import gzip
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.doors.api.programs import deliver, program, token_of
from tests.doors.api.test_operations import OPERATIONS, address_of, customer
from tests.doors.web.one_of_each import delivery, other_customer
from tests.doors.web.web_customer import ANNA, WebCustomer

from instroom.flow.people.api_tokens import SCOPES
from instroom.store.models import Connection, Delivery

__all__ = ["customer", "delivery", "other_customer"]
pytestmark = pytest.mark.rolled_back

DELIVERIES = "/api/v1/customers/ons/deliveries"
without_content = pytest.mark.parametrize(
    "name", [name for name, one in OPERATIONS.items() if one.method in ("post", "delete") and one.body is None]
)


def refused(response: Any, status: int = 422, kind: str = "invalid") -> list[dict[str, str]]:
    """The wrong values of a problem."""
    assert (response.status_code, response.json()["type"]) == (status, f"urn:instroom:problem:{kind}"), response.content
    return list(response.json().get("errors", ()))


@pytest.fixture
def client(customer: WebCustomer) -> Client:
    return program(token_of(customer, "operator", *SCOPES))


def test_a_query_parameter_that_is_unknown_or_repeated(client: Client, delivery: Delivery) -> None:
    for name, one in OPERATIONS.items():
        address, ask = address_of(one, "ons", delivery) + (one.query or "?"), getattr(client, one.method)
        (error,) = refused(ask(f"{address}&lagn=en"))
        assert error == {"place": "query.lagn", "message": "Unknown field. Did you mean `lang`?"}, name
        (error,) = refused(ask(f"{address}&lang=nl&lang=en"))
        assert error == {"place": "query.lang", "message": "Send this once."}, name


def test_content_that_is_encoded(client: Client, delivery: Delivery) -> None:
    content, headers = gzip.compress(b"{}"), {"content-encoding": "gzip"}
    for name, one in OPERATIONS.items():
        if one.method != "get":
            ask = getattr(client, one.method)
            response = ask(address_of(one, "ons", delivery), content, "application/json", headers=headers)
            assert not refused(response, 415, "media-type"), name
            assert "Content-Encoding: gzip" in response.json()["detail"], name
            assert response.headers["Accept-Encoding"] == "identity", name


@without_content
def test_content_where_none_is_taken(name: str, customer: WebCustomer, delivery: Delivery) -> None:
    one = OPERATIONS[name]
    client = program(token_of(customer, "operator", one.scope or "read"))
    address, ask = address_of(one, "ons", delivery), getattr(client, one.method)
    (error,) = refused(ask(address, json.dumps({"reason": "Nee."}), "application/json"))
    assert error == {"place": "body.reason", "message": "Unknown field."}
    refused(ask(address, "[1]", "application/json"), 415, "media-type")
    assert ask(address, "{}", "application/json").status_code == one.gives


def test_a_field_of_json_that_is_unknown_or_repeated(client: Client, delivery: Delivery) -> None:
    for name, one in OPERATIONS.items():
        if isinstance(one.body, dict):
            address, ask = address_of(one, "ons", delivery), getattr(client, one.method)
            (error,) = refused(ask(address, json.dumps(one.body | {"zzz": 1}), "application/json"))
            assert error["place"] == "body.zzz", name
            assert error["message"].startswith("Unknown field. Known are: "), name
            body = json.dumps(one.body)[:-1] + (", " if one.body else "") + '"x": 1, "x": 1}'
            (error,) = refused(ask(address, body, "application/json"))
            assert error == {"place": "body.x", "message": "Send this once."}, name


def test_the_nearest_name_is_told_at_any_depth(client: Client) -> None:
    wanted = {"name": "week", "shedule": "daily 01:00", "policies": {"on_eror": "skip"}}
    wanted["guards"] = {"created": {"percent": 1, "number": 1, "leest": 1}}  # type: ignore[assignment]
    errors = refused(client.post("/api/v1/customers/ons/connections", wanted, "application/json"))
    assert {one["place"]: one["message"].removeprefix("Unknown field. Did you mean ") for one in errors} == {
        "body.shedule": "`schedule`?",
        "body.policies.on_eror": "`on_error`?",
        "body.guards.created.leest": "`least`?",
    }
    assert not Connection.objects.filter(name="week").exists()


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"conection": "nacht"}, ("form.conection", "Unknown field. Did you mean `connection`?")),
        ({"onerror": "skip"}, ("form.onerror", "Unknown field. Did you mean `on_error`?")),
        ({"customer": "ons"}, ("form.customer", "Unknown field. Known are: ")),
        ({"layout": ["standard/1", "standard/1"]}, ("form.layout", "Send this once.")),
        ({"fiel": SimpleUploadedFile("b.csv", b"x")}, ("form.fiel", "Unknown field. Did you mean `file`?")),
        ({"blank": SimpleUploadedFile("b.csv", b"leave")}, ("form.blank", "This must be a text, not a file.")),
        ({"file": "levering.csv"}, ("file.file", "This must be a file, with a file name.")),
        (
            {"file": [SimpleUploadedFile("a.csv", b"x"), SimpleUploadedFile("b.csv", b"y")]},
            ("file.file", "Send this once."),
        ),
    ],
    ids=str,
)
def test_a_form_that_has_something_else(client: Client, form: dict[str, Any], error: tuple[str, str]) -> None:
    count = Delivery.objects.count()
    (found,) = refused(client.post(DELIVERIES, {"file": SimpleUploadedFile("a.csv", b"x"), **form}))
    assert found["place"] == error[0]
    assert found["message"].startswith(error[1])
    assert Delivery.objects.count() == count


def test_an_empty_field_of_a_form_is_left_out(client: Client, customer: WebCustomer) -> None:
    empty = dict.fromkeys(("connection", "layout", "blank", "on_error", "skip_limit_percent", "corrects"), "")
    content = customer.file(ANNA).read_bytes()
    one = deliver(client, customer, content, key="k", **empty)
    assert one.status_code == 201
    assert deliver(client, customer, content, key="k").json() == one.json()


@pytest.mark.parametrize(
    ("media_type", "said"),
    [
        ("", "The Content-Type header is missing. This operation takes multipart/form-data."),
        ("text/csv", "The Content-Type header is text/csv. This operation takes multipart/form-data."),
    ],
)
def test_a_media_type_that_is_missing_or_another(client: Client, media_type: str, said: str) -> None:
    response = client.generic("POST", DELIVERIES, b"a;b", media_type)
    refused(response, 415, "media-type")
    assert response.json()["detail"] == said


def test_a_form_without_its_boundary(client: Client) -> None:
    response = client.generic("POST", DELIVERIES, b"--x\r\n", "multipart/form-data")
    refused(response, 400, "malformed")
    assert "boundary" in response.json()["detail"]


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2030-01-31T20:00:00", "The time zone is missing. Add the offset from UTC: "),
        ("2030-01-31 20:00", "The time zone is missing. Add the offset from UTC: "),
        ("2030-01-31", "Write a moment as 2030-01-31T20:00:00+01:00."),
        ("morgen", "Write a moment as 2030-01-31T20:00:00+01:00."),
        (1893456000, "Write a moment as 2030-01-31T20:00:00+01:00."),
    ],
)
def test_a_moment_that_is_none_says_how_to_write_it(client: Client, delivery: Delivery, at: Any, said: str) -> None:
    (error,) = refused(
        client.post(f"{DELIVERIES}/{delivery.pk}/approve", {"at": at, "digest": "0" * 64}, "application/json")
    )
    assert error["place"] == "body.at"
    assert error["message"].startswith(said)
