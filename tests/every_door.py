"""`instroom serve` with all that it starts, and how programs deliver to it by each door."""

import ftplib
import json
import os
import re
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from django.utils import timezone

from instroom.store.models import Customer, FileAccount
from tests.doors.ftp.ftp_server import PASSWORD, hashed, passive_ports
from tests.serving import INSTROOM
from tests.waiting import until


class Served(NamedTuple):
    """A site that listens."""

    log: Path
    address: str
    ftp_port: int

    def logged(self) -> str:
        """What it and its worker have said."""
        return self.log.read_text(encoding="utf-8")


@contextmanager
def serving_json(log: Path, **settings: str) -> Iterator[Served]:
    """A site whose log is JSON. At its end every line of that must be an object, with a time in UTC."""
    ports = passive_ports()
    environment = {
        **os.environ, "INSTROOM_HTTP": "127.0.0.1:0", "INSTROOM_LOG_FORMAT": "json", "INSTROOM_FTP_FREE_MB": "0",
        "INSTROOM_FTP_PASSIVE": f"{ports[0]}-{ports[-1]}", "TZ": "Asia/Tokyo", **settings,
    }  # fmt: skip
    with log.open("wb") as said:
        process = subprocess.Popen([INSTROOM, "serve"], env=environment, stdout=said, stderr=said)
    try:
        until(lambda: "FTP 127.0.0.1" in log.read_text() or process.poll() is not None)
        said_first = log.read_text()
        (address,) = re.findall(r"http://127.0.0.1:\d+", said_first) or [said_first]
        yield Served(log, address, int(re.findall(r"FTP 127.0.0.1:(\d+)", said_first)[0]))
    finally:
        process.send_signal(signal.SIGTERM)
        ended = process.wait(60)
    assert ended == 0
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    ages = [timezone.now() - datetime.fromisoformat(line["time"]) for line in lines if line["logger"]]
    assert all(timedelta(0) < age < timedelta(hours=1) for age in ages)


def add_plain_account(customer: Customer) -> None:
    """The account `oud`, which may come without TLS."""
    FileAccount.objects.create(customer=customer, name="oud", password=hashed(), plain_ftp=True, made_at=timezone.now())


def ask(address: str, headers: dict[str, str], data: bytes | None = None) -> str:
    """A request; status and content of its answer."""
    request = urllib.request.Request(address, data, headers)  # noqa: S310 - ours
    try:
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
            return f"{response.status} {response.read().decode()}"
    except urllib.error.HTTPError as error:
        with error:
            return f"{error.code} {error.read().decode()}"


def upload(address: str, path: Path, headers: dict[str, str]) -> str:
    """A file, as a form sends it."""
    kind = {"content-type": "multipart/form-data; boundary=zqzq"}
    head = f'--zqzq\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\n\r\n'
    return ask(address, headers | kind, head.encode() + path.read_bytes() + b"\r\n--zqzq--\r\n")


def by_ftp(port: int, path: Path) -> str:
    """A file, by the account `oud`."""
    with ftplib.FTP(timeout=60) as client, path.open("rb") as file:  # noqa: S321
        client.connect("127.0.0.1", port)
        client.login("oud", PASSWORD)
        return client.storbinary(f"STOR {path.name}", file)
