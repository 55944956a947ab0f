"""What reaches the application of a request that the server refuses: nothing that costs more than the refusal."""

import socket
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from typing import Any

import pytest
from waitress.server import BaseWSGIServer, create_server

from instroom.doors.web.frame import clients
from instroom.doors.web.frame.clients import HEADER_BYTES, Channel
from instroom.doors.web.frame.http_errors import STATUS

HOST = b"Host: localhost\r\n"
COOKIE = b'Cookie: a="' + b'\\"' * 50 + b'"\r\n'
"""Of the kind that Pythons with CVE-2024-7592 take the square of its length to read."""
END = b"\r\n"


def seen(monkeypatch: pytest.MonkeyPatch, pieces: Iterable[bytes]) -> tuple[bytes, list[tuple[int, str]]]:
    """What a client that sends these pieces is answered, and what the application sees: statuses and cookies."""
    asked: list[tuple[int, str]] = []

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        asked.append((environ.get(STATUS, 200), environ.get("HTTP_COOKIE", "")))
        start_response("200 OK", [("Content-Length", "0")])
        return []

    monkeypatch.setattr(BaseWSGIServer, "channel_class", Channel)
    sockets: dict[int, Any] = {}
    limits = {"max_request_header_size": HEADER_BYTES, "max_request_body_size": 64_000_000}
    server = create_server(application, map=sockets, host="127.0.0.1", port=0, threads=1, **limits)
    try:
        with closing(socket.create_connection(("127.0.0.1", server.effective_port), timeout=0.01)) as client:
            for piece in pieces:
                client.sendall(piece)
                server.asyncore.loop(timeout=0.01, map=sockets, count=2)
            answer = b""
            for _ in range(1000):
                server.asyncore.loop(timeout=0.01, map=sockets, count=1)
                try:
                    chunk = client.recv(65536)
                except TimeoutError:
                    continue
                if not chunk:
                    return answer, asked
                answer += chunk
        raise AssertionError(f"it is not answered: {asked}")
    finally:
        server.task_dispatcher.shutdown()
        server.asyncore.close_all(sockets)


@pytest.mark.parametrize(
    ("pieces", "statuses"),
    [
        ([b"GET / HTTP/1.1\r\n", HOST, COOKIE, END], [400]),
        ([b"GET / HTTP/1.0\r\n" + COOKIE + END], [400]),
        ([b"GET / HTTP/1.1\r\n" + HOST + b"Cookie: b=c\r\n" + COOKIE.replace(b"Cookie", b"cOOKIE") + END], [400]),
        ([b"GET / HTTP/1.1\r\n" + HOST + COOKIE.replace(b"a=", b"a=b;\r\n c=") + END], [400]),
        ([b"GET / HTTP/1.1\r\n" + HOST + END + b"GET / HTTP/1.1\r\n" + HOST + COOKIE + END], [200, 400]),
        ([b"GET / HTTP/1.1\r\n" + HOST + COOKIE + END + b"GET / HTTP/1.1\r\n" + HOST + COOKIE + END], [400]),
        ([b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n" + COOKIE + END, b"0\r\n\r\n"], [400]),
        ([b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: gzip\r\n" + COOKIE + END], [501]),
        ([b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: veel\r\n" + COOKIE + END], [400]),
        ([b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 2000000\r\n" + COOKIE + END], [400]),
        ([b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 70000000\r\n" + COOKIE + END], [413]),
        ([b"POST / HTTP/1.1\r\nExpect: 100-continue\r\n" + HOST + COOKIE + END], [400]),
        ([b"GET / HTTP/1.1\r\n" + HOST + COOKIE + b"no header\r\n" + END], [400]),
        ([b"een twee drie\r\n" + HOST + COOKIE + END], [400]),
        ([b"GET http://[ HTTP/1.1\r\n" + HOST + COOKIE + END], [400]),
        ([b"GET / HTTP/1.1\r\n" + HOST + COOKIE + b"X: " + b"x" * HEADER_BYTES + END + END], [431]),
        (
            [b"GET / HTTP/1.1\r\nExpect: 100-continue\r\n" + HOST + END, b"GET / HTTP/1.1\r\n" + COOKIE + END],
            [200, 400],
        ),
    ],
)
def test_no_cookie_that_takes_long_to_read_reaches_the_application(
    monkeypatch: pytest.MonkeyPatch, pieces: list[bytes], statuses: list[int]
) -> None:
    """Counted where it would be read: not even the page that refuses it gets its backslashes."""
    _, asked = seen(monkeypatch, pieces)
    assert [status for status, _ in asked] == statuses
    assert sum(cookie.count("\\") for _, cookie in asked) == 0


def test_other_cookies_of_a_refused_request_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is in the language that they say."""
    request = b"POST / HTTP/1.1\r\nContent-Length: veel\r\nCookie: instroom-language=en\r\n\r\n"
    assert seen(monkeypatch, [request])[1] == [(400, "instroom-language=en")]


def test_a_request_does_not_grow_by_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a proxy the next one may be somebody else's. Without content there is nothing to wait for."""
    asks = b"GET / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nCookie: a=1\r\n\r\n"
    last = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: b=2\r\n\r\n"
    assert seen(monkeypatch, [asks, last])[1] == [(200, "a=1"), (200, "b=2")]


def test_what_is_refused_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a client that waits for leave to send its content, nothing is stored."""
    request = b"POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 70000000\r\n\r\n"
    answer, asked = seen(monkeypatch, [request])
    assert [status for status, _ in asked] == [413]
    assert not answer.startswith(b"HTTP/1.1 100 ")


@pytest.mark.parametrize(
    "line", [b"GET http://[ HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nContent-Length: " + b"1" * 5000 + END]
)
def test_what_python_cannot_read_is_answered(monkeypatch: pytest.MonkeyPatch, line: bytes) -> None:
    answer, asked = seen(monkeypatch, [line + HOST + END])
    assert asked == [(400, "")]
    assert answer.startswith(b"HTTP/1.")


@pytest.mark.parametrize(
    ("limit", "pieces"),
    [
        ("HEADERS_WITHIN", []),
        ("HEADERS_WITHIN", [b"GET / HT"]),
        ("CONTENT_WITHIN", [b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 9\r\n\r\nabc"]),
    ],
)
def test_who_is_too_slow_is_cut_off(monkeypatch: pytest.MonkeyPatch, limit: str, pieces: list[bytes]) -> None:
    monkeypatch.setattr(clients, limit, 0.0)
    with suppress(ConnectionError):  # something was not read yet
        assert seen(monkeypatch, pieces) == (b"", [])
