"""Whatever a program sends: never a fault of ours, and of what is refused a problem document (RFC 9457)."""

import json
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT
from hypothesis import strategies as st
from tests import database
from tests.doors.api.programs import FOR, token_of
from tests.doors.api.test_operations import OPERATIONS, address_of, customer
from tests.doors.web.one_of_each import delivery
from tests.doors.web.web_customer import WebCustomer
from tests.fuzzing import fuzz, scalars, texts

from instroom.doors.api.openapi import document
from instroom.flow.people.api_tokens import SCOPES
from instroom.store.models import Delivery

__all__ = ["customer", "delivery"]
pytestmark = [pytest.mark.slow, pytest.mark.rolled_back]

DOCUMENT = document()
SCHEMAS = DOCUMENT["components"]["schemas"]
PARAMETERS = sorted(
    {
        parameter["name"]
        for methods in DOCUMENT["paths"].values()
        for operation in methods.values()
        for parameter in operation["parameters"]
        if parameter["in"] == "query"
    }
    - {"wait"}  # which waits
)
METHODS = ["get", "post", "patch", "delete", "put", "head", "options", "trace", "brew"]
TYPES = [
    "application/json", "application/json; charset=utf-16", "application/json; charset=nonsense", "text/csv", "", ";",
    "application/x-www-form-urlencoded", MULTIPART_CONTENT, "multipart/form-data",
    "multipart/form-data; boundary=" + "x" * 300, "multipart/form-data; boundary=\xe9", "multipart/mixed; boundary=x",
    "application/json\x00",
]  # fmt: skip
HEADERS = [
    "accept-language", "idempotency-key", "content-encoding", "authorization", "host", "cookie", "range",
    "if-none-match", "if-modified-since", "x-forwarded-for", "x-forwarded-proto", "x-http-method-override", "expect",
    "transfer-encoding", "origin", "x-request-id",
]  # fmt: skip
ODD_CONTENT = [
    b"", b"null", b"[1]", b'""', b"NaN", b"{", b"1e999", b'{"a":1e999}', b'{"a":' + b"9" * 5000 + b"}", b"\xff\xfe{}",
    b"[" * 100_000, b'{"a":' * 2000 + b"1" + b"}" * 2000, b'{"name":"\\ud800"}', b'{"name":"a\\u0000b"}',
    b'{"a":1,"a":2}', b"\xef\xbb\xbf{}", b"--" + BOUNDARY.encode() + b"\r\n", b"--" + BOUNDARY.encode() + b"--",
    b"a=1&a=2&" * 2000,
]  # fmt: skip
names = st.sampled_from(sorted({name for one in SCHEMAS.values() for name in one.get("properties", ())})) | texts
odd = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=5
)


def fitting(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """What the document allows there, and now and then what it does not."""
    if "$ref" in schema:
        return fitting(SCHEMAS[schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        made = st.one_of([fitting(one) for one in schema["anyOf"]])
    elif "enum" in schema or "const" in schema:
        made = st.sampled_from(schema.get("enum") or [schema["const"]])
    elif schema.get("type") == "array":
        made = st.lists(fitting(schema["items"]), max_size=3)
    elif "properties" in schema:
        made = st.fixed_dictionaries({}, optional={name: fitting(one) for name, one in schema["properties"].items()})
    else:
        known = [schema[name] for name in ("default", "minimum", "maximum") if name in schema]
        made = scalars | st.sampled_from([*known, *schema.get("examples", ()), "nacht", "hr", "crm", "now", 1])
    return st.one_of(made, made, made, made, odd)


class Request(NamedTuple):
    """What a program asks."""

    operation: str
    token: int
    method: str
    strange: dict[int, str]
    """Parts of the address that are something else."""
    query: list[tuple[str, str]]
    content: Any
    content_type: str
    headers: dict[str, str]


def rarely(often: Any, seldom: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.integers(0, 4).flatmap(lambda number: seldom if number == 4 else st.just(often))


def requests_of(name: str) -> st.SearchStrategy[Request]:
    """Requests for this operation, many of which it may well understand."""
    one = OPERATIONS[name]
    wanted = DOCUMENT["paths"][one.path][one.method].get("requestBody", {"content": {}})["content"]
    content: st.SearchStrategy[Any] = st.none() | st.sampled_from(ODD_CONTENT) | st.binary(max_size=30)
    for schema in (part["schema"] for part in wanted.values()):
        content = st.one_of([fitting(schema)] * 6 + [content])
    return st.builds(
        Request,
        st.just(name),
        st.integers(0, 100),
        rarely(one.method, st.sampled_from(METHODS)),
        rarely({}, st.dictionaries(st.integers(3, 9), texts, max_size=2)),
        st.lists(
            st.tuples(st.sampled_from(PARAMETERS) | rarely("lang", texts), texts | st.integers().map(str)), max_size=3
        ),
        content,
        rarely(next(iter(wanted), ""), st.sampled_from(TYPES)),
        rarely({}, st.dictionaries(st.sampled_from(HEADERS), texts, max_size=3)),
    )


requests = st.lists(st.sampled_from(sorted(OPERATIONS)).flatmap(requests_of), min_size=1, max_size=3)


def sent(content: Any, content_type: str) -> bytes:
    """As it goes over the wire."""
    if isinstance(content, bytes) or content is None:
        return content or b""
    if content_type.startswith("multipart") and isinstance(content, dict):
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
            f"{'; filename=' + repr(value) if name == 'file' else ''}\r\n\r\n{value}\r\n"
            for name, value in content.items()
        ]
        return "".join([*parts, f"--{BOUNDARY}--\r\n"]).encode(errors="surrogatepass")
    return json.dumps(content).encode()


def ask(client: Client, request: Request, address: str) -> None:
    """Ask, and look at the answer."""
    parts = dict(enumerate(address.split("/")))
    parts |= {at: quote(part, safe="", errors="surrogatepass") for at, part in request.strange.items() if at in parts}
    response = client.generic(
        request.method.upper(),
        "/".join(parts.values()),
        sent(request.content, request.content_type),
        request.content_type,
        QUERY_STRING=urlencode(request.query, errors="surrogatepass"),
        headers={name: value.encode(errors="replace").decode("latin-1") for name, value in request.headers.items()},
    )
    body = b"".join(response.streaming_content) if response.streaming else response.content
    response.close()  # of HEAD nothing is read
    assert response.status_code < 500 or response.status_code in (503, 507)
    assert b"Traceback" not in body
    if response.status_code >= 400 and request.method != "head":
        assert response.headers["Content-Type"] == "application/problem+json"
        problem = json.loads(body)
        assert problem["status"] == response.status_code
        assert problem["type"].startswith("urn:instroom:problem:")
        assert problem["title"]
        assert problem["detail"]


def test_requests_that_are_made_up(customer: WebCustomer, delivery: Delivery) -> None:
    addresses = {name: address_of(one, "ons", delivery) for name, one in OPERATIONS.items()}
    every = [token_of(customer, role) for role in FOR]
    every += [token_of(customer, "operator", scope) for scope in SCOPES]
    every += [token_of(customer, "operator", *SCOPES)] * 5
    clients = [Client(SERVER_NAME="localhost", headers={"authorization": f"Bearer {token}"}) for token in every]

    def judge(asked: list[Request]) -> None:
        with database.rolled_back():
            for request in asked:
                ask(clients[request.token % len(clients)], request, addresses[request.operation])

    fuzz(requests, judge)
