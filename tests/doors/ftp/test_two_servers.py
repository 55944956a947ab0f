"""Two file servers, as on two machines: one database, one folder, a home of their own on PostgreSQL. What one has under
way survives the loss of the other."""

import ftplib
import io
import os
import re
import socket
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import pytest
from django.db import connection
from tests.database import home, mark_uploads
from tests.doors.ftp.ftp_server import HOST, PASSWORD, add_account, drop, passive_ports, put, reset, vanish
from tests.kept_files import kept
from tests.serving import INSTROOM
from tests.waiting import until

from instroom.config.secret import secret_keys
from instroom.flow.operations.init import DEMO_USERS, add_customer
from instroom.store.models import Delivery

pytestmark = pytest.mark.slow
SIZE = 200_000


def content(name: str) -> bytes:
    return (f"{name};".encode() * SIZE)[:SIZE]


class Node:
    """`instroom ftp` on a machine of its own, and programs that send to it as the account `oud`."""

    def __init__(self, number: int, tmp_path: Path) -> None:
        ports = passive_ports(20)[10 * number :][:10]
        settings = {"INSTROOM_FTP_PORT": "0", "INSTROOM_FTPES_PORT": "off", "INSTROOM_FTPS_PORT": "off"}
        settings |= {"INSTROOM_FTP_FOLDER": str(tmp_path / "ftp"), "INSTROOM_FTP_FREE_MB": "0"}
        settings |= {"INSTROOM_FTP_PASSIVE": f"{ports[0]}-{ports[-1]}", "INSTROOM_FILES": str(home() / "files")}
        if connection.vendor == "postgresql":
            settings |= {"INSTROOM_HOME": str(tmp_path / f"node-{number}")}
            settings |= {"INSTROOM_SECRET_KEYS": ",".join(secret_keys(home()))}
        self.number, self.log = number, tmp_path / f"node-{number}.log"
        with self.log.open("wb") as said:
            self._process = subprocess.Popen([INSTROOM, "ftp"], env={**os.environ, **settings}, stderr=said)
        self.acknowledged: list[str] = []

    def port(self) -> int:
        until(lambda: re.search(r"FTP 127.0.0.1:\d+", self.log.read_text()) or self._process.poll() is not None)
        said = self.log.read_text()
        (port,) = re.findall(r"FTP 127.0.0.1:(\d+)", said) or [said]
        return int(port)

    def sign_in(self) -> ftplib.FTP:
        client = ftplib.FTP(timeout=20)  # noqa: S321
        client.connect(HOST, self.port())
        client.login("oud", PASSWORD)
        return client

    def stream(self, begin: str, stop: Event) -> None:
        """Send file after file, until it is enough or the server is gone."""
        with suppress(OSError, EOFError, ftplib.Error), self.sign_in() as client:
            while not stop.is_set():
                name = f"{begin}-{len(self.acknowledged)}.csv"
                put(client, content(name), name)
                self.acknowledged.append(name)

    def begin(self, client: ftplib.FTP, name: str) -> socket.socket:
        """An upload of which half has been sent."""
        client.voidcmd("TYPE I")
        data = client.transfercmd(f"STOR {name}")
        data.sendall(content(name)[: SIZE // 2])
        return data

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@contextmanager
def nodes(tmp_path: Path) -> Iterator[tuple[Node, Node]]:
    started = (Node(0, tmp_path), Node(1, tmp_path))
    try:
        yield started
    finally:
        for one in started:
            one.kill()


def test_no_acknowledged_upload_is_lost_with_a_file_server_and_none_comes_twice(tmp_path: Path) -> None:
    folder = tmp_path / "ftp"
    mark_uploads(folder)
    add_customer("demo", "Demo", DEMO_USERS)
    add_account("oud", plain_ftp=True)
    with nodes(tmp_path) as (lost, stays):
        going_on = stays.sign_in()
        data = stays.begin(going_on, "loopt-door.csv")
        broken = lost.sign_in()
        reset(lost.begin(broken, "afgebroken.csv"))
        drop(broken)
        until(lambda: list(folder.glob("accounts/*/parts/*.rest")))
        half = lost.sign_in()
        under_way = lost.begin(half, "onderweg.csv")
        stop = Event()
        streams = [Thread(target=node.stream, args=(str(node.number), stop)) for node in (lost, stays)]
        for stream in streams:
            stream.start()
        until(lambda: len(lost.acknowledged) > 2 and len(stays.acknowledged) > 2)
        lost.kill()
        vanish(under_way)
        drop(half)
        count = len(stays.acknowledged)
        until(lambda: len(stays.acknowledged) > count + 2)
        data.sendall(content("loopt-door.csv")[SIZE // 2 :])
        data.close()
        assert going_on.voidresp().startswith("226")

        again = stays.sign_in()
        size = again.size("afgebroken.csv")
        assert size and size <= SIZE // 2
        again.storbinary("STOR afgebroken.csv", io.BytesIO(content("afgebroken.csv")[size:]), rest=size)
        with pytest.raises(ftplib.error_perm):  # what the lost server had not put away cannot be told from a torn file
            again.storbinary("STOR onderweg.csv", io.BytesIO(b"x"), rest=SIZE // 2)
        put(again, content("onderweg.csv"), "onderweg.csv")
        going_on.close()
        again.close()
        stop.set()
        for stream in streams:
            stream.join()
        acknowledged = ["loopt-door.csv", "afgebroken.csv", "onderweg.csv", *lost.acknowledged, *stays.acknowledged]
        until(lambda: not list((folder / "handover").glob("*.json")))
    until(lambda: Delivery.objects.filter(file_name__in=acknowledged).count() >= len(acknowledged))
    came = Counter(Delivery.objects.values_list("file_name", flat=True))
    assert {name: came[name] for name in acknowledged} == dict.fromkeys(acknowledged, 1)
    for delivery in Delivery.objects.all():
        assert kept(delivery) == content(delivery.file_name)
