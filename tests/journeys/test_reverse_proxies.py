"""nginx and Caddy before `instroom web`, by the files in deploy and the settings in docs/how-to/behind-a-proxy.md."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.commands import environment
from tests.doors.api.programs import token_of
from tests.doors.web.web_customer import ANNA, WebCustomer, add_web_customer
from tests.serving import free_ports
from tests.waiting import until

from instroom.flow.file_server.certificate import own_certificate

pytestmark = [pytest.mark.slow, pytest.mark.on_sqlite_alone]

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "behind-a-proxy.md").read_text(encoding="utf-8")
HOST = "instroom.voorbeeld.example"
API = f"https://{HOST}/api/v1"
MB = 1024 * 1024
FORGED = ("-H", "X-Forwarded-For: 203.0.113.9", "-H", "X-Forwarded-Proto: http")


def changed(text: str, changes: dict[str, str]) -> str:
    """The file with other ports and folders; each of them must be in it."""
    for found, put in changes.items():
        text, count = re.subn(found, put, text, flags=re.MULTILINE)
        assert count, found
    return text


class Proxy(NamedTuple):
    """What a proxy is given of this machine."""

    place: Path
    https: int
    http: int
    web: int

    def nginx(self) -> list[str]:
        """The command that runs nginx; what Debian has in /etc/nginx/nginx.conf is ours here."""
        made = own_certificate(self.place / "tls")
        text = changed(
            (ROOT / "deploy" / "nginx" / "instroom.conf").read_text(encoding="utf-8"),
            {
                r"listen 443": f"listen 127.0.0.1:{self.https}",
                r"listen 80;": f"listen 127.0.0.1:{self.http};",
                r"^ *listen \[::\].*\n": "",
                r"/etc/ssl/instroom/fullchain.pem": str(made.certificate),
                r"/etc/ssl/instroom/privkey.pem": str(made.key),
                r"/var/log/nginx/": f"{self.place}/",
                r"127.0.0.1:8000": f"127.0.0.1:{self.web}",
            },
        )
        (self.place / "instroom.conf").write_text(text, encoding="utf-8")
        folders = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "".join(f"{one}_temp_path {self.place}/{one};\n" for one in folders)
        main = (
            f"daemon off; pid {self.place}/pid; events {{}} http {{ {temporary} include {self.place}/instroom.conf; }}"
        )
        (self.place / "nginx.conf").write_text(main, encoding="utf-8")
        return [program("nginx"), "-e", "stderr", "-c", str(self.place / "nginx.conf")]

    def caddy(self) -> list[str]:
        """The command that runs Caddy, with a certificate of ours: no authority gives one to this name."""
        made = own_certificate(self.place / "tls")
        text = changed(
            (ROOT / "deploy" / "caddy" / "Caddyfile").read_text(encoding="utf-8"),
            {
                r"^\{$": f"{{\nadmin off\nhttp_port {self.http}\nhttps_port {self.https}",
                r"^\tservers \{$": f"storage file_system {self.place}\nservers {{",
                r"^(.*\{\$INSTROOM_HOST.*\} \{)$": rf"\1\ntls {made.certificate} {made.key}",
                r"127.0.0.1:8000": f"127.0.0.1:{self.web}",
            },
        )
        (self.place / "Caddyfile").write_text(text, encoding="utf-8")
        return [program("caddy"), "run", "--config", str(self.place / "Caddyfile")]

    def curl(self, *words: str) -> list[str]:
        """curl, for which the site's name leads to this proxy."""
        there = [f"{HOST}:{port}:127.0.0.1:{ours}" for port, ours in ((443, self.https), (80, self.http))]
        return ["curl", "-sS", "-k", "-m", "100", "--connect-to", there[0], "--connect-to", there[1], *words]

    def ask(self, *words: str) -> str:
        """What curl prints."""
        done = subprocess.run(self.curl(*words), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def is_ready(self) -> bool:
        """Whether the web pages can be reached through it."""
        done = subprocess.run(self.curl("-f", f"https://{HOST}/healthz"), capture_output=True, check=False)
        return done.returncode == 0

    def status(self, *words: str) -> str:
        """The status of the answer."""
        return self.ask("-o", "/dev/null", "-w", "%{http_code}", *words)


def program(name: str) -> str:
    """Where it is: Debian has nginx in a folder of root's."""
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/bin")
    assert found, f"scripts/need {name}"
    return found


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
