"""nginx and Caddy take the files in deploy, and let Instroom say itself what is too large or too late.

`tests/journeys/test_reverse_proxies.py` runs them.
"""

import re
import subprocess
from pathlib import Path

import pytest

from instroom.core.model import Limits
from instroom.doors.api.long_poll import MOST_SECONDS
from instroom.doors.web.frame import clients, server
from tests.proxies import CADDY, NGINX, Proxy

CONTENT_BYTES = Limits().file_bytes + server._ROOM


def number(text: str, setting: str, unit: str) -> int:
    """What a file says of it, once."""
    (found,) = re.findall(rf"^\s*{setting} (\d+){unit};?\b", text, re.MULTILINE)
    return int(found)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["nginx", "caddy"])
def test_each_takes_its_file(name: str, tmp_path: Path) -> None:
    proxy = Proxy(tmp_path, 443, 80, 8000)
    caddy, _, *config = proxy.caddy()
    command = [*proxy.nginx(), "-t"] if name == "nginx" else [caddy, "validate", *config]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr


def test_a_file_that_is_just_too_large_comes_through_to_be_told_so() -> None:
    for most in (number(NGINX, "client_max_body_size", "m") * 1024**2, number(CADDY, "max_size", "MB") * 1000**2):
        assert CONTENT_BYTES < most < 1.5 * CONTENT_BYTES


def test_they_wait_longer_for_an_answer_than_instroom_takes() -> None:
    answer = {number(NGINX, f"proxy_{one}_timeout", "s") for one in ("read", "send")}
    for seconds in answer | {number(CADDY, "response_header_timeout", "s")}:
        assert seconds >= 1.5 * MOST_SECONDS


def test_they_give_a_client_the_time_that_instroom_gives() -> None:
    """Instroom cannot limit the clients of a proxy: all have one address."""
    for seconds in (number(NGINX, "client_header_timeout", "s"), number(CADDY, "read_header", "s")):
        assert seconds == clients.HEADERS_WITHIN
    assert number(NGINX, "limit_conn instroom", "") == clients.CONNECTIONS_OF_AN_ADDRESS


def test_caddy_never_uses_a_connection_that_instroom_is_about_to_close() -> None:
    assert number(CADDY, "keepalive", "s") <= clients.IDLE / 2
    assert "keepalive" not in NGINX  # it takes a new connection for each request


def test_both_bring_tls_and_send_plain_http_to_it() -> None:
    assert re.findall(r"ssl_protocols +(.*);", NGINX) == ["TLSv1.2 TLSv1.3"]
    assert "return 301 https://$host$request_uri;" in NGINX
    assert not re.search(r"auto_https|http://|\btls\b", CADDY)  # Caddy does both by itself, unless told otherwise
