"""nginx and Caddy before `instroom web`, by the files in deploy and the settings in docs/how-to/behind-a-proxy.md."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.commands import environment
from tests.doors.api.programs import token_of
from tests.doors.web.web_customer import ANNA, WebCustomer, add_web_customer
from tests.proxies import HOST, Proxy
from tests.serving import free_ports
from tests.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.on_sqlite_alone]

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "behind-a-proxy.md").read_text(encoding="utf-8")
API = f"https://{HOST}/api/v1"
MB = 1024 * 1024
FORGED = ("-H", "X-Forwarded-For: 203.0.113.9", "-H", "X-Forwarded-Proto: http")


def settings_of_the_page() -> dict[str, str]:
    """The block under "Settings"."""
    block = PAGE.partition("## Settings")[2].partition("```console\n")[2].partition("```")[0]
    return dict(line.split("=", 1) for line in block.splitlines())


@pytest.fixture(params=["nginx", "caddy"])
def proxy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Proxy]:
    """The proxy and the web pages, running; the log of these is `web.log` in its folder."""
    (tmp_path / "proxy").mkdir()
    proxy = Proxy(tmp_path / "proxy", *free_ports(3))
    settings = environment(**settings_of_the_page() | {"INSTROOM_HTTP": f"127.0.0.1:{proxy.web}"})
    command = proxy.nginx() if request.param == "nginx" else proxy.caddy()
    instroom = str(Path(sys.executable).with_name("instroom"))
    with (proxy.place / "web.log").open("wb") as web_log, (proxy.place / "proxy.log").open("wb") as log:
        running = [
            subprocess.Popen([instroom, "web"], env=settings, stderr=web_log),
            subprocess.Popen(command, stdout=log, stderr=log),
        ]
        try:
            until(lambda: [one.poll() for one in running] != [None, None] or proxy.is_ready())
            yield proxy
        finally:
            for one in running:
                one.terminate()
            ended = [one.wait(30) for one in running]
    assert ended == [0, 0]


@pytest.fixture
def customer(tmp_path: Path) -> WebCustomer:
    """A customer with a delivery that nobody approves."""
    return add_web_customer("ons", tmp_path)


def test_what_the_page_says_holds(customer: WebCustomer, proxy: Proxy) -> None:
    waiting, token = customer.deliver(ANNA).pk, token_of(customer, "operator")
    bearer = ("-H", f"Authorization: Bearer {token}")
    poll = proxy.curl("-w", "%{http_code} %{time_total}", "-o", "/dev/null", *bearer)
    address = f"{API}/customers/ons/deliveries?state=failed&wait=60"
    polling = subprocess.Popen([*poll, address], stdout=subprocess.PIPE, text=True)

    (line,) = re.findall(r"^\$ (curl .*)$", PAGE, re.MULTILINE)
    headers = proxy.ask(*line.split()[1:]).lower()
    assert headers.split()[1] == "200"
    assert "strict-transport-security: max-age=31536000" in headers
    assert re.findall(r"^set-cookie: __host-instroom-form=.*; secure", headers, re.MULTILINE)
    assert "server: nginx/" not in headers  # its version is nobody's business

    moved = proxy.ask("-I", f"http://{HOST}/sign-in?next=/").splitlines()
    assert moved[0].split()[1] in ("301", "308")
    assert [one for one in moved if re.fullmatch(rf"(?i)location: https://{HOST}(:\d+)?/sign-in\?next=/", one)]

    assert proxy.status("--interface", "127.0.0.2", *FORGED, "-H", "Authorization: Bearer niets", f"{API}/me") == "401"
    lines = (proxy.place / "web.log").read_text(encoding="utf-8").splitlines()
    assert [one for one in lines if " 127.0.0.2: GET " in one and "refused with 401" in one], lines

    content = proxy.place / "groot.csv"
    content.write_bytes(b"x" * 20 * MB)
    deliver = ("-F", f"file=@{content}", *bearer, f"{API}/customers/ons/deliveries")
    assert proxy.status(*deliver) == "201"
    content.write_bytes(b"x" * 70 * MB)
    assert "urn:instroom:problem:too-large" in proxy.ask(*deliver)

    assert proxy.status(*bearer, f"{API}/customers/ons/deliveries/{waiting}?sleutel=geheim") == "422"
    logged = "".join(one.read_text(encoding="utf-8") for one in proxy.place.glob("*.log"))
    assert "geheim" not in logged

    said, _ = polling.communicate()
    status, seconds = said.split()
    assert status == "200"
    assert float(seconds) >= 60
