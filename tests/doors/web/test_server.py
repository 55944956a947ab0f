"""`instroom serve` as a process: it listens, serves what pages need, refuses what is too large, and stops."""

import http.client
import json
import os
import platform
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.commands import INSTROOM, Run
from tests.doors.web.web_customer import ANNA, WebCustomer
from tests.waiting import until
from waitress.adjustments import Adjustments

from instroom.config import listening
from instroom.core.errors import SettingsError
from instroom.core.model import Limits
from instroom.doors.web.frame.clients import CONNECTIONS_OF_AN_ADDRESS, CONTENT_WITHIN, HEADERS_WITHIN, LimitedRequest
from instroom.doors.web.frame.server import refuse_slow_cookies
from instroom.flow import find
from instroom.flow.delivery.receive import receive
from instroom.flow.people import api_tokens
from instroom.store.models import Delivery


class Served(NamedTuple):
    """A server that listens."""

    process: "subprocess.Popen[str]"
    address: str

    def ask(self, method: str, path: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
        """One request; status, headers and body of the answer."""
        connection = http.client.HTTPConnection(self.address, timeout=30)
        try:
            connection.request(method, path, headers={name.replace("_", "-"): text for name, text in headers.items()})
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()


@pytest.fixture(scope="module")
def served(emptied_once: None) -> Iterator[Served]:
    """`instroom serve` on a free port, for all tests: what one does to it may not trouble the next."""
    environment = {**os.environ, "INSTROOM_HTTP": "127.0.0.1:0"}
    command = [INSTROOM, "serve", "--lang", "en"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        assert said.startswith("Instroom is ready at http://127.0.0.1:"), said
        assert process.stderr.readline().startswith("The file server listens"), "and nothing else is said"
        yield Served(process, said.split("/")[2])
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert [line for line in process.stderr if " refused with " not in line] == []


def test_it_is_ready(served: Served) -> None:
    assert served.ask("GET", "/healthz")[0] == 200
    status, headers, _ = served.ask("GET", "/")
    assert (status, headers["Location"]) == (302, "/sign-in?next=/")
    assert "Server" not in headers


def test_style_and_script_are_kept_by_the_browser(served: Served) -> None:
    page = served.ask("GET", "/sign-in")[2].decode()
    style = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    status, headers, body = served.ask("GET", style)
    assert (status, headers["Content-Type"]) == (200, 'text/css; charset="utf-8"')
    assert "immutable" in headers["Cache-Control"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert b":root" in body


@pytest.mark.parametrize("path", ["/static/web.css", "/static/../settings.py", "/static/x/%2e%2e/__init__.py"])
def test_nothing_else_is_served_as_a_file(served: Served, path: str) -> None:
    assert served.ask("GET", path)[0] in (302, 404)


DELIVER = "/customers/ons/deliver"
TOO_MUCH = Limits().file_bytes * 2


def test_what_is_too_large_is_refused_before_it_is_read(served: Served) -> None:
    status, headers, page = served.ask("POST", DELIVER, Content_Length=str(TOO_MUCH))
    assert (status, headers["Connection"], headers["Content-Language"]) == (413, "close", "nl")
    assert "Een bestand mag hoogstens 64 MB groot zijn. Splits het" in page.decode()
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    page = served.ask("POST", DELIVER, Content_Length=str(TOO_MUCH), Cookie="instroom-language=en")[2]
    assert "Files can be at most 64 MB. Split the file" in page.decode()


def test_a_program_is_told_so_in_a_problem_document(served: Served) -> None:
    path = "/api/v1/customers/ons/deliveries"
    status, headers, body = served.ask("POST", path, Content_Length=str(TOO_MUCH), Accept_Language="en")
    said = (status, headers["Content-Type"], headers["Content-Language"])
    assert said == (413, "application/problem+json", "en")
    assert json.loads(body)["type"] == "urn:instroom:problem:too-large"


@pytest.mark.parametrize("path", [DELIVER, "/api/v1/me"])
def test_who_sends_on_reads_the_answer_all_the_same(served: Served, path: str) -> None:
    """The whole content first, and then the answer, as browsers and most programs do."""
    connection = http.client.HTTPConnection(served.address, timeout=30)
    connection.request("POST", path, body=bytes(TOO_MUCH))
    response = connection.getresponse()
    assert (response.status, len(response.read()) > 100) == (413, True)
    connection.close()


def told(served: Served, request: bytes) -> tuple[bytes, str]:
    """What comes back on these bytes, until the server closes: the first line and the rest."""
    host, _, port = served.address.partition(":")
    with socket.create_connection((host, int(port)), timeout=30) as line:
        line.sendall(request)
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    first, _, rest = answer.partition(b"\r\n")
    return first, rest.decode()


def test_headers_without_end_are_refused(served: Served) -> None:
    first, page = told(served, b"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: " + b"x" * 300_000 + b"\r\n\r\n")
    assert first.startswith(b"HTTP/1.0 431 ")
    assert "Verwijder de cookies van deze site" in page


def test_a_cookie_that_takes_long_to_read_is_not_read(served: Served) -> None:
    for signs, status in ((9_000, b"HTTP/1.0 431 "), (1, b"HTTP/1.1 400 ")):
        cookie = b'a="' + b'\\"' * signs + b'"'
        first, _ = told(served, b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nCookie: " + cookie + b"\r\n\r\n")
        assert first.startswith(status)


LARGE = b"POST /%s HTTP/1.1\r\nHost: localhost\r\n%s\r\nExpect: 100-continue\r\n\r\n"
TWO_MB = b"Content-Length: 2000000"


@pytest.mark.parametrize(
    "known", [b"X: y", b"Cookie: instroom=abc", b"Cookie: instroom", b"Authorization: Bearer instroom_x"]
)
def test_much_content_of_nobody_is_refused_at_its_headers(served: Served, known: bytes) -> None:
    """And so nothing of it is stored."""
    first, page = told(served, LARGE % (b"customers/ons/deliver", TWO_MB + b"\r\n" + known))
    assert first.startswith(b"HTTP/1.1 401 ")
    assert "Meld u eerst aan" in page
    first, answer = told(served, LARGE % (b"api/v1/customers/ons/deliveries", TWO_MB + b"\r\n" + known))
    assert first.startswith(b"HTTP/1.1 401 ")
    assert "urn:instroom:problem:wrong-token" in answer


def test_nor_in_pieces_whose_sum_is_not_told(served: Served) -> None:
    start = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    first, _ = told(served, start + 20 * (b"10000\r\n" + bytes(0x10000) + b"\r\n"))
    assert first.startswith(b"HTTP/1.1 401 ")


def test_who_is_known_may_send_much(served: Served, customer: WebCustomer) -> None:
    made = api_tokens.add(find.customer("ons"), "nacht", ["deliver"], by=find.user("ons-supplier"))
    session = customer.signed_in("supplier").session.session_key
    for known in (f"Authorization: Bearer {made.secret}", f"Cookie: instroom={session}"):
        host, _, port = served.address.partition(":")
        with socket.create_connection((host, int(port)), timeout=30) as line:
            line.sendall(LARGE % (b"x", TWO_MB + b"\r\n" + known.encode()))
            assert line.recv(100).startswith(b"HTTP/1.1 100 ")


def test_one_address_cannot_take_all_connections(served: Served) -> None:
    host, _, port = served.address.partition(":")
    with ExitStack() as opened:
        for _ in range(CONNECTIONS_OF_AN_ADDRESS):
            opened.enter_context(socket.create_connection((host, int(port)), timeout=30)).sendall(b"GET / HT")
        with socket.create_connection((host, int(port)), timeout=HEADERS_WITHIN / 2) as one_more:
            assert one_more.recv(1) == b"", "it is closed, and not for being slow"


@pytest.mark.parametrize(
    ("start", "seconds"),
    [
        (b"GET / HTTP/1.1\r\nHost: localh", HEADERS_WITHIN),
        (b"POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nabc", CONTENT_WITHIN),
        (b"POST / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\nabc", CONTENT_WITHIN + 100),
    ],
)
def test_a_request_that_drips_is_given_up(start: bytes, seconds: float) -> None:
    request = LimitedRequest(Adjustments())
    request.received(start)
    assert not request.completed
    assert not request.is_late(request.began + seconds - 1)
    assert request.is_late(request.began + seconds + 1)


@pytest.mark.parametrize(
    "start", [b"\r\rGET\r\n", b"BREW / HTTP/1.1\r\nContent-Length: veel\r\n", b"een twee drie\r\n"]
)
def test_what_is_no_request_is_refused(served: Served, start: bytes) -> None:
    first, page = told(served, start + b"Host: localhost\r\n\r\n")
    assert first.split()[1] == b"400"
    assert "We begrijpen niet wat uw browser vroeg" in page


def test_a_form_of_sending_that_is_not_known_is_a_problem_for_a_program(served: Served) -> None:
    request = b"POST /api/v1/me HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n"
    first, answer = told(served, request)
    assert first.split()[1] == b"400"
    assert "urn:instroom:problem:malformed" in answer


def test_a_delivery_goes_on_by_itself(served: Served, customer: WebCustomer) -> None:
    delivery = receive(customer.file(ANNA), find.customer("ons"), by=find.user("ons-supplier"))
    until(Delivery.objects.filter(pk=delivery.pk, state="awaiting-approval").exists)


def test_a_port_that_is_taken_is_named(served: Served) -> None:
    environment = {**os.environ, "INSTROOM_HTTP": served.address}
    ran = subprocess.run([INSTROOM, "web"], env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert ran.returncode == 2
    assert f"INSTROOM_HTTP: op {served.address} kan niet worden geluisterd" in ran.stderr


def test_an_address_that_is_none_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for address in ("8000", "host:", ":80", "host:99999", "host:poort"):
        monkeypatch.setenv("INSTROOM_HTTP", address)
        with pytest.raises(SettingsError):
            listening.http()
    ran = run("web", INSTROOM_HTTP="8000")
    assert (ran.code, ran.err) == (2, "INSTROOM_HTTP: schrijf host:poort, zoals 127.0.0.1:8000.\n")


@pytest.mark.on_postgresql
def test_a_key_that_would_be_gone_tomorrow_is_refused(tmp_path: Path, database_kind: str) -> None:
    """On SQLite there is no database there either, and that is said first."""
    environment = {**os.environ, "INSTROOM_HTTP": "127.0.0.1:0", "INSTROOM_HOME": str(tmp_path / "nergens")}
    command = [INSTROOM, "web", "--lang", "en"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    said = "INSTROOM_SECRET_KEY: choose a long random text" if database_kind == "postgresql" else "There is no database"
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith(said)


def test_the_production_settings_are_sound() -> None:
    address = {"INSTROOM_URL": "https://instroom.voorbeeld.example", "INSTROOM_PROXY": "192.0.2.1"}
    site = {**os.environ, **address, "DJANGO_SETTINGS_MODULE": "instroom.config.settings"}
    site.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # the browser tests need it, a site does not
    names = "s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.INSTROOM_DEVICE_COOKIE, s.LANGUAGE_COOKIE_NAME"
    program = (
        "from django.core.management import execute_from_command_line as run; from django.conf import settings as s;"
        f" run(['', 'check', '--deploy', '--fail-level', 'WARNING']); print({names})"
    )
    command = [sys.executable, "-c", program]
    ran = subprocess.run(command, env=site, capture_output=True, text=True, timeout=600, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.endswith("__Host-instroom __Host-instroom-form __Host-instroom-device __Host-instroom-language\n")


def test_a_password_is_read_from_standard_input(customer: WebCustomer, run: Run) -> None:
    for text, code in ((b"kort\n", 1), (b"vier natte sokken\n", 0)):
        ran = run("user", "password", "ons-reader", stdin=text)
        assert ran.code == code, ran.err


def test_a_python_that_is_slow_at_cookies_will_not_do() -> None:
    """As those with CVE-2024-7592 are, which take 0.3 seconds for 10 kB."""

    def slowly(cookie: str) -> None:
        end = time.process_time() + 0.15
        while time.process_time() < end:
            assert len(cookie) > 10_000

    with pytest.raises(SettingsError, match=platform.python_version()):
        refuse_slow_cookies(slowly)
    refuse_slow_cookies()
