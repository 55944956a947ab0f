"""The old version serves while the new one migrates: processes of this version under load, and an `upgrade` of the next
one with each kind of migration that `tests/store/migration_harms.py` lets pass."""

import ftplib
import io
import json
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import NamedTuple

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from tests.commands import Run
from tests.database import server_url
from tests.doors.api.programs import token_of
from tests.doors.ftp.ftp_server import HOST, PASSWORD, add_account, passive_ports
from tests.doors.web.web_customer import ANNA, WebCustomer, add_web_customer
from tests.doors.worker.worker_processes import Worker
from tests.next_version import NextVersion, waits_for_tables
from tests.serving import free_ports
from tests.waiting import until

from instroom.core.layout.standard import standard
from instroom.flow.file_server.ways_in import ways_in
from instroom.store.models import Delivery

pytestmark = [pytest.mark.slow, pytest.mark.on_postgresql, pytest.mark.on_postgresql_alone]
KINDS = (
    'migrations.CreateModel("Nieuw", [("id", models.AutoField(primary_key=True)),'
    ' ("customer", models.ForeignKey("store.Customer", models.CASCADE))])',
    'migrations.AddField("delivery", "nieuw", models.TextField(null=True)),'
    ' migrations.AddField("person", "nieuw", models.IntegerField(db_default=7))',
    'migrations.AlterField("customer", "title", models.CharField(max_length=9_999, null=True))',
    'AddIndexBesideWork("delivery", models.Index(fields=["file_name"], name="nieuw_file_name"))',
    'AddIndexBesideWork("person", models.Index(fields=["extern_source"], name="nieuw_extern_source"))',
)
LONG = 3.0
"""Seconds that somebody's report keeps the tables."""
PAUSE = 5.0
"""Seconds between two uploads: they may not come faster than a busy machine can process them."""
STILL = 2.0
"""Seconds that nobody may wait behind a migration."""
_WAITS = """
    SELECT extract(epoch FROM clock_timestamp() - waitstart) FROM pg_locks
    WHERE waitstart IS NOT NULL AND pg_blocking_pids(pid) && ARRAY(
        SELECT pid FROM pg_stat_activity WHERE application_name LIKE %s AND datname = current_database())
"""


class Site(NamedTuple):
    """What programs and people ask of it, each time they do."""

    customer: WebCustomer
    web: str
    session: str
    tokens: dict[str, str]

    def browse(self) -> None:
        for page in ("", "/deliveries", "/audit"):
            self._ask(f"/customers/{self.customer.name}{page}", {"Cookie": self.session})

    def deliver(self) -> None:
        """By the API, and follow it into live."""
        body, kind = _form(_file(time.time_ns()))
        named = {"Authorization": f"Bearer {self.tokens['supplier']}", "Content-Type": kind}
        delivery = self._ask_api("", named, body)["id"]
        named = {"Authorization": f"Bearer {self.tokens['approver']}", "Content-Type": "application/json"}
        end = time.monotonic() + 60
        while (now := self._ask_api(f"/{delivery}", named))["state"] != "imported":
            assert time.monotonic() < end and now["state"] not in ("rejected", "failed"), now["state"]
            if now["state"] == "awaiting-approval":
                digest = self._ask_api(f"/{delivery}/plan", named)["digest"]
                self._ask_api(f"/{delivery}/approve", named, json.dumps({"digest": digest}).encode(), may_be_late=True)
            time.sleep(0.1)

    def upload(self) -> None:
        client = ftplib.FTP(timeout=30)  # noqa: S321
        client.connect(HOST, ways_in().ports["ftp"])
        with client:
            client.login("oud", PASSWORD)
            client.storbinary(f"STOR {time.time_ns()}.csv", io.BytesIO(_file(time.time_ns())))
        time.sleep(PAUSE)

    def _ask_api(
        self, path: str, headers: dict[str, str], body: bytes | None = None, may_be_late: bool = False
    ) -> dict[str, str]:
        text = self._ask(f"/api/v1/customers/{self.customer.name}/deliveries{path}", headers, body, may_be_late)
        return dict(json.loads(text)) if text else {}

    def _ask(self, path: str, headers: dict[str, str], body: bytes | None = None, may_be_late: bool = False) -> bytes:
        """Raises HTTPError where that is not answered; a plan that was made anew meanwhile answers 409."""
        request = urllib.request.Request(f"{self.web}{path}", body, headers)  # noqa: S310 (ours)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                assert answer.url == f"{self.web}{path}", "sent to sign in"
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            if may_be_late and error.code == 409:
                return b""
            raise


def _file(number: int) -> bytes:
    """Of one person, who is new each time."""
    record = ANNA | {"PersoonExternId": f"P-{number}", "PersoonEmailWerk": f"p{number}@voorbeeld.example"}
    headers = standard().headers
    return f"{';'.join(headers)}\r\n{';'.join(record.get(one, '') for one in headers)}\r\n".encode()


def _form(content: bytes) -> tuple[bytes, str]:
    head = '--grens\r\nContent-Disposition: form-data; name="file"; filename="p.csv"\r\nContent-Type: text/csv\r\n\r\n'
    return head.encode() + content + b"\r\n--grens--\r\n", "multipart/form-data; boundary=grens"


@pytest.fixture
def site(start: Callable[..., Worker], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """With the web, the file server and a worker of this version."""
    ports = passive_ports()
    monkeypatch.setenv("INSTROOM_FTP_PASSIVE", f"{ports[0]}-{ports[-1]}")
    customer = add_web_customer("ons", tmp_path)
    add_web_customer("ander", tmp_path)  # whose turns are others than those of who is asked for
    add_account("oud", "ander", plain_ftp=True)
    [port] = free_ports(1)
    for program in ("web", "ftp", "worker"):
        start(program, port)
    cookie = customer.signed_in("operator").cookies[settings.SESSION_COOKIE_NAME]
    tokens = {role: token_of(customer, role) for role in ("supplier", "approver")}
    site = Site(customer, f"http://127.0.0.1:{port}", f"{cookie.key}={cookie.value}", tokens)
    until(lambda: _answers(f"{site.web}/readyz"))
    until(lambda: "ftp" in ways_in().ports and ways_in().ports["ftp"] > 0 and _works(site.upload))
    return site


def _answers(address: str) -> bool:
    return _works(lambda: urllib.request.urlopen(address, timeout=5).close())  # noqa: S310


def _works(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except (OSError, EOFError, ftplib.Error):
        return False
    return True


@contextmanager
def asked_on_and_on(*asks: Callable[[], None]) -> Iterator[list[str]]:
    """Each of them, again and again, by a thread of its own. Gives the names of what was answered; one that failed is
    raised."""
    end, answered = Event(), list[str]()

    def ask_until_end(ask: Callable[[], None]) -> None:
        try:
            while not end.is_set():
                ask()
                answered.append(ask.__name__)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(asks)) as threads:
        asking = [threads.submit(ask_until_end, ask) for ask in asks]
        try:
            yield answered
        finally:
            end.set()
            for one in asking:
                one.result()


def longest_wait(upgrade: "subprocess.Popen[str]") -> float:
    """Seconds that a session waited longest for a lock of this process, until that has ended."""
    longest = 0.0
    with psycopg.connect(server_url() or "", dbname=_database(), autocommit=True) as watching:
        while upgrade.poll() is None:
            waits = watching.execute(_WAITS, [f"%:{upgrade.pid}:%"]).fetchall()
            longest = max(longest, *(float(seconds) for (seconds,) in waits), 0.0)
            time.sleep(0.02)
    return longest


def _database() -> str:
    return str(connection.settings_dict["NAME"])


def test_no_request_fails_while_the_next_version_migrates(site: Site, tmp_path: Path, run: Run) -> None:
    next_version = NextVersion(tmp_path / "next", *KINDS)
    try:
        with asked_on_and_on(site.browse, site.deliver, site.upload) as answered:
            until(lambda: len({*answered}) == 3)
            with psycopg.connect(server_url() or "", dbname=_database()) as report, ThreadPoolExecutor() as beside:
                report.execute("SELECT count(*) FROM store_delivery, store_person, store_customer")
                upgrade = next_version.start("upgrade", "--lang", "en")
                waited = beside.submit(longest_wait, upgrade)
                until(lambda: waits_for_tables(upgrade.pid))
                time.sleep(LONG)
                report.rollback()
                said = upgrade.communicate(timeout=120)[1]
            before = len(answered)
            until(lambda: len({*answered[before:]}) == 3)  # and on the new tables
        assert upgrade.returncode == 0 and f"Migrations applied: {len(KINDS)}." in said, said
        assert waited.result() < STILL
        until(lambda: Delivery.objects.filter(state__in=("received", "checking", "training")).count() == 0)
        assert not Delivery.objects.filter(state="failed").exists()
        with urllib.request.urlopen(f"{site.web}/readyz") as ready:  # noqa: S310
            assert json.load(ready)["ready"] is True
        for door in ("web", "ftp", "worker"):
            ran = run(door, "--lang", "en")
            assert ran.code == 2 and "is of a newer version than this Instroom" in ran.err
        new_one_works(next_version, site)
    finally:
        connections.close_all()
        next_version.undo()


def new_one_works(next_version: NextVersion, site: Site) -> None:
    """Beside the old one, which is not stopped yet."""
    [port] = free_ports(1)
    web = next_version.start("web", INSTROOM_HTTP=f"127.0.0.1:{port}", PYTHONWARNINGS="default")
    try:
        new = site._replace(web=f"http://127.0.0.1:{port}")
        until(lambda: _answers(f"{new.web}/readyz"))
        for ask in (new.browse, new.deliver):
            ask()
        once = next_version.start("worker", "--once", "--lang", "en")
        assert once.communicate(timeout=120) and once.returncode == 0
    finally:
        web.send_signal(signal.SIGTERM)
        web.communicate(timeout=60)
    assert web.returncode == 0
