"""Whatever a browser sends to any address: never a fault of ours, whoever is signed in."""

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT
from django.urls import reverse
from hypothesis import strategies as st
from lxml import html
from tests import database
from tests.doors.web.one_of_each import CALL_ID, customer, delivery
from tests.doors.web.routes import OF_A_CUSTOMER
from tests.doors.web.test_routes import THINGS
from tests.doors.web.web_customer import WebCustomer, browser
from tests.fuzzing import fuzz, texts

from instroom.doors import web
from instroom.doors.web.urls import urlpatterns
from instroom.flow import find
from instroom.store.models import ApiToken, Delivery, Mail, Role, User

__all__ = ["customer", "delivery"]
pytestmark = [pytest.mark.slow, pytest.mark.rolled_back]

TYPES = [MULTIPART_CONTENT, "application/x-www-form-urlencoded", "multipart/form-data", "application/json", ""]
HEADERS = [
    "accept-language", "referer", "origin", "hx-request", "hx-target", "host", "user-agent", "x-forwarded-for", "range",
    "x-forwarded-proto", "if-modified-since", "cookie", "accept-encoding",
]  # fmt: skip
TEMPLATES = [path.read_text(encoding="utf-8") for path in Path(web.__file__).parent.rglob("*.html")]
NAMES = sorted(set(chain.from_iterable(re.findall(r'name="([\w-]+)"', text) for text in TEMPLATES)))
CODE = [path.read_text(encoding="utf-8") for path in Path(web.__file__).parent.rglob("*.py")]
NAMES += sorted(set(chain.from_iterable(re.findall(r'"([a-z_]{2,20})"', text) for text in CODE)) - set(NAMES))


class Form(NamedTuple):
    """A form of a page, as it stands there. Of an address without a form: nothing."""

    address: str
    fields: list[tuple[str, str]] = []


class Request(NamedTuple):
    """What a browser sends."""

    who: str
    form: int
    method: str
    strange: dict[int, str]
    """Parts of the address that are something else."""
    query: list[tuple[str, str]]
    left_out: list[int]
    fields: list[tuple[str, str, bool]]
    """Name, value, and whether it is a file."""
    content_type: str
    headers: dict[str, str]


def rarely(often: Any, seldom: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.integers(0, 4).flatmap(lambda number: seldom if number == 4 else st.just(often))


names = st.sampled_from(NAMES) | rarely("page", texts)
requests = st.lists(
    st.builds(
        Request,
        st.sampled_from(["operator", "operator", "supplier", "approver", "reader", "nobody"]),
        st.integers(0, 1000),
        st.sampled_from(["GET", "POST", "POST", "POST", "HEAD", "PUT", "OPTIONS"]),
        rarely({}, st.dictionaries(st.integers(1, 7), texts, max_size=2)),
        st.lists(st.tuples(names, texts), max_size=3),
        st.lists(st.integers(0, 30), max_size=3),
        st.lists(st.tuples(names | st.integers(0, 30), texts, st.sampled_from([False] * 5 + [True])), max_size=4),
        rarely(MULTIPART_CONTENT, st.sampled_from(TYPES)),
        rarely({}, st.dictionaries(st.sampled_from(HEADERS), texts, max_size=3)),
    ),
    min_size=1,
    max_size=3,
)


def addresses(delivery: Delivery) -> list[str]:
    """Of every pattern one that is there."""
    invited = re.search(r"/invitations/(\S+)", Mail.objects.get(kind="invitation").text)
    assert invited
    reader, token = find.user("ons-reader"), ApiToken.objects.get(user__username="ons-supplier")
    known = {
        "customer": "ons", "delivery_id": delivery.pk, "token_id": token.pk, "word": invited[1],
        "token": default_token_generator.make_token(reader), "file_id": CALL_ID,
        **{name: thing().pk for name, thing in THINGS.items()},
    }  # fmt: skip
    found = []
    for pattern in urlpatterns:
        route = OF_A_CUSTOMER.get(pattern.name)
        values = {**known, "dossier_id": known.get(route.of) if route else None, **(route.arguments if route else {})}
        found.append(reverse(pattern.name, kwargs={name: values[name] for name in pattern.pattern.converters}))
    return found


def forms_on(address: str, client: Client) -> Iterator[Form]:
    """The forms of a page, and the address itself."""
    yield Form(address)
    response = client.get(address)
    if not response.streaming and response.headers.get("Content-Type", "").startswith("text/html"):
        for form in html.fromstring(response.content or b"<p>").iter("form"):
            fields = [(name, value or "") for name, value in form.form_values() if name != "csrfmiddlewaretoken"]
            yield Form(form.get("action") or address, fields)
    response.close()


def sent(form: Form, request: Request) -> list[tuple[str, str, bool]]:
    """The fields of the form, without some and with others."""
    kept = [(*field, False) for number, field in enumerate(form.fields) if number not in request.left_out]
    return kept + [
        (form.fields[name % len(form.fields)][0] if form.fields else "name", value, is_file)
        if isinstance(name, int)
        else (name, value, is_file)
        for name, value, is_file in request.fields
    ]


def as_content(fields: list[tuple[str, str, bool]], content_type: str) -> bytes:
    if not content_type.startswith("multipart"):
        return urlencode([field[:2] for field in fields], errors="surrogatepass").encode()
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
        f"{'; filename=' + repr(value) if is_file else ''}\r\n\r\n{value}\r\n"
        for name, value, is_file in fields
    ]
    return "".join([*parts, f"--{BOUNDARY}--\r\n"]).encode(errors="surrogatepass")


def ask(client: Client, request: Request, form: Form) -> None:
    """Send it, and look at the answer."""
    path, _, query = form.address.partition("?")
    parts = dict(enumerate(path.split("/")))
    parts |= {at: quote(part, safe="", errors="surrogatepass") for at, part in request.strange.items() if at in parts}
    response = client.generic(
        request.method,
        "/".join(parts.values()),
        as_content(sent(form, request), request.content_type) if request.method in ("POST", "PUT") else b"",
        request.content_type,
        QUERY_STRING=f"{query}&{urlencode(request.query, errors='surrogatepass')}",
        headers={name: value.encode(errors="replace").decode("latin-1") for name, value in request.headers.items()},
    )
    body = b"".join(response.streaming_content) if response.streaming else response.content
    response.close()  # of HEAD nothing is read
    assert response.status_code < 500 or response.status_code in (503, 507)
    assert b"Traceback" not in body


def test_requests_that_are_made_up(customer: WebCustomer, delivery: Delivery) -> None:
    User.objects.filter(username="ons-operator").update(is_superuser=True)
    clients = {role: customer.signed_in(role) for role in Role.NAMES} | {"nobody": browser()}
    everywhere = addresses(delivery)
    forms = [form for one in everywhere for form in forms_on(one, clients["operator"])]
    forms += [form for one in everywhere for form in forms_on(one, browser()) if form.fields]
    cookies = {who: client.cookies.output(header="", sep=";") for who, client in clients.items()}

    def judge(asked: list[Request]) -> None:
        with database.rolled_back():
            for who, kept in cookies.items():
                clients[who].cookies = SimpleCookie(kept)
            for request in asked:
                ask(clients[request.who], request, forms[request.form % len(forms)])

    fuzz(requests, judge)
