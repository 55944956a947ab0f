"""Who is believed about whose request it is: the proxies of INSTROOM_PROXY, and nobody else."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from instroom.config.listening import proxies
from instroom.doors.web.frame.proxies import behind_proxies

CLIENT = "203.0.113.9"


def ask(named: str, peer: str, **headers: str) -> tuple[str, str, str]:
    """What the pages see of a request: its client and its scheme; or the refusal."""
    seen: list[tuple[str, str]] = []
    statuses: list[str] = []

    def pages(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        believed = environ["REMOTE_ADDR"] != peer
        assert believed or not [name for name in environ if name.startswith("HTTP_X_FORWARDED")]
        seen.append((environ["REMOTE_ADDR"], environ["wsgi.url_scheme"]))
        start_response("200 OK", [])
        return [b""]

    asked = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", "SERVER_PORT": "80", **headers}
    said = b"".join(
        behind_proxies(pages, proxies("INSTROOM_PROXY", named))(asked, lambda status, headers: statuses.append(status))
    ).decode()
    return (*(seen[0] if seen else ("", "")), said or statuses[0])


FORWARDED = {"HTTP_X_FORWARDED_FOR": CLIENT, "HTTP_X_FORWARDED_PROTO": "https"}


@pytest.mark.parametrize(
    ("named", "peer"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("192.0.2.1, 10.0.0.0/24", "10.0.0.7"),
        ("10.0.0.0/24", "::ffff:10.0.0.7"),
        ("2001:db8::/64", "2001:db8::7"),
        ("fe80::/10", "fe80::1%eth0"),
    ],
)
def test_a_named_proxy_is_believed(named: str, peer: str) -> None:
    assert ask(named, peer, **FORWARDED)[:2] == (CLIENT, "https")


@pytest.mark.parametrize(("named", "peer"), [("10.0.0.0/24", "10.0.1.7"), ("127.0.0.1", "::1")])
def test_another_proxy_is_told_that_it_is_not_named(named: str, peer: str) -> None:
    client, _, said = ask(named, peer, **FORWARDED)
    assert client == ""
    assert f"a proxy at {peer}, which INSTROOM_PROXY does not name" in said


def test_without_a_proxy_nobody_is_believed() -> None:
    assert ask("", CLIENT, HTTP_X_FORWARDED_FOR="192.0.2.1", HTTP_X_FORWARDED_PROTO="https")[:2] == (CLIENT, "http")
    assert ask("10.0.0.0/24", CLIENT, HTTP_X_FORWARDED_FOR="192.0.2.1")[:2] == (CLIENT, "http")


def test_what_a_client_sends_before_its_proxy_is_not_believed() -> None:
    chain = {"HTTP_X_FORWARDED_FOR": f"192.0.2.1, {CLIENT}", "HTTP_X_FORWARDED_PROTO": "https"}
    assert ask("127.0.0.1", "127.0.0.1", **chain)[:2] == (CLIENT, "https")
