"""Where programs deliver in the tests: a customer with accounts, and the real server on ports of its own."""

import ftplib
import io
import os
import socket
import ssl
import struct
import threading
import time
from contextlib import suppress
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from tests.database import mark_uploads
from tests.waiting import until

from instroom.config.file_server import FileServerSettings, Mode, file_server
from instroom.doors.ftp.server import FileServer
from instroom.flow.file_server.take_in import take_in_all
from instroom.flow.file_server.upload_names import RENAME_WITHIN, settle_names
from instroom.flow.operations.init import DEMO_USERS, add_customer
from instroom.store.models import Customer, Delivery, FileAccount

PASSWORD = "een-lang-woord-7"  # noqa: S105
MODES: tuple[Mode, ...] = ("ftp", "ftpes", "ftps")
HOST = "127.0.0.1"


def passive_ports(count: int = 11) -> range:
    """Ports that no other process of this test run takes for data."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return range(20_000 + 20 * worker, 20_000 + 20 * worker + count)


@cache
def hashed() -> str:
    """The password as it is stored; hashed once, which takes long on purpose."""
    return make_password(PASSWORD)


def add_account(name: str, customer: str = "demo", plain_ftp: bool = False) -> FileAccount:
    """An account with the password of the tests."""
    owner = Customer.objects.get(name=customer)
    return FileAccount.objects.create(
        customer=owner, name=name, password=hashed(), plain_ftp=plain_ftp, made_at=timezone.now()
    )


class FtpServer:
    """A running file server, and the customer `demo` with the accounts `hr` (TLS alone) and `oud` (also without)."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        if add_customer("demo", "Demo", DEMO_USERS):
            add_account("hr")
            add_account("oud", plain_ftp=True)
        usual = {"folder": folder / "ftp", "passive": passive_ports(), "patience": 0.1, "free": 0, "stall": 5}
        self.settings: FileServerSettings = file_server()._replace(**{**usual, **changes})
        mark_uploads(self.settings.folder)
        self.running = FileServer(self.settings)
        self._thread = threading.Thread(target=self.running.run, name="ftp")
        self._thread.start()
        self._clients: list[ftplib.FTP] = []

    def close(self) -> None:
        """Stop the server, and wait for it."""
        for one in self._clients:
            farewell(one)
        self.running.stop()
        self._thread.join(20)
        assert not self._thread.is_alive()

    def connect(self, mode: Mode, version: ssl.TLSVersion | None = None) -> ftplib.FTP:
        """A program that has connected, and with TLS changed to it."""
        if mode == "ftp":
            client = ftplib.FTP(timeout=20)  # noqa: S321
        else:
            client = Implicit(timeout=20) if mode == "ftps" else ftplib.FTP_TLS(timeout=20)  # noqa: S321
            client.context = trusting(version)
        self._clients.append(client)
        client.connect(HOST, self.running.ports[mode], timeout=20)
        if mode == "ftpes":
            client.auth()
        return client

    def connect_or_not(self, mode: Mode) -> ftplib.FTP | None:
        """A program that has connected, if it may."""
        try:
            return self.connect(mode)
        except ftplib.error_temp:
            return None

    def sign_in(self, mode: Mode, name: str | None = None, version: ssl.TLSVersion | None = None) -> ftplib.FTP:
        """A program that has signed in, with data over TLS where there is TLS."""
        client = self.connect(mode, version)
        client.login(name or ("oud" if mode == "ftp" else "hr"), PASSWORD)
        if isinstance(client, ftplib.FTP_TLS):
            client.prot_p()
        return client

    def sign_in_resuming(self, version: ssl.TLSVersion | None = None) -> "Resuming":
        """As `hr`, a program whose data connections resume TLS."""
        client = Resuming(context=trusting(version), timeout=20)
        self._clients.append(client)
        client.connect(HOST, self.running.ports["ftpes"])
        client.login("hr", PASSWORD)
        client.prot_p()
        return client

    def begin_upload(self, client: ftplib.FTP, name: str = "personen.csv") -> Any:
        """The data connection of an upload, beyond its TLS handshake."""
        client.voidcmd("TYPE I")
        data = client.transfercmd(f"STOR {name}")
        return data

    def received(self) -> list[int]:
        """How many bytes have come of each upload that is under way."""
        sessions = chain.from_iterable(list(self.running._sessions._by_account.values()))
        uploads = [one.fs._current_upload for one in sessions if one.fs]
        return [one.size for one in uploads if one and not one.closed]

    def settle(self) -> None:
        """Wait until nothing is under way to become a delivery; what waits for its name stays."""
        until(lambda: not list((self.settings.folder / "handover").glob("*.json")))

    def pass_time(self) -> None:
        """Of every upload that waits for its name, the time for that is over."""
        for note in (self.settings.folder / "handover").glob("*.unnamed"):
            os.utime(note, (time.time() - RENAME_WITHIN.total_seconds() - 1,) * 2)
        settle_names(self.settings.folder)
        take_in_all(self.settings.folder)

    def delivered(self) -> list[str]:
        """The names of what has become a delivery, in order."""
        self.settle()
        return list(Delivery.objects.order_by("pk").values_list("file_name", flat=True))


class Implicit(ftplib.FTP_TLS):
    """FTPS: TLS from the first byte. The standard library knows only the explicit way."""

    def connect(self, host: str = "", port: int = 0, timeout: float = 20, source_address: Any = None) -> str:  # type: ignore[override]
        """Connect, and shake hands before anything is said."""
        self.host, self.port, self.timeout = host, port, timeout
        raw = socket.create_connection((host, port), timeout)
        self.af = raw.family
        self.sock = self.context.wrap_socket(raw, server_hostname=host)
        self.file = self.sock.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()
        return self.welcome


class Resuming(ftplib.FTP_TLS):
    """Its data connections resume the TLS session of its control connection. The standard library does not."""

    sock: ssl.SSLSocket

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[Any, int | None]:  # type: ignore[override]
        """With the session of the control connection."""
        connection, size = ftplib.FTP.ntransfercmd(self, cmd, rest)  # noqa: S321
        return self.context.wrap_socket(connection, session=self.sock.session), size


def trusting(version: ssl.TLSVersion | None = None) -> ssl.SSLContext:
    """A client's context that takes any certificate, of one version of TLS if so wished."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if version:
        context.minimum_version = context.maximum_version = version
    return context


def reset(connection: Any) -> None:
    """End a connection as a machine does that has lost it: RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    vanish(connection)


def vanish(connection: Any) -> None:
    """End a connection as the system does when the program is killed: a FIN, and nothing said within TLS."""
    os.close(connection.detach())


def drop(client: ftplib.FTP) -> None:
    """End a control connection as the system does when the program is killed."""
    if client.file:
        client.file.close()
    if client.sock:
        vanish(client.sock)
        client.sock = None
    client.file = None


def put(client: ftplib.FTP, content: bytes, name: str = "personen.csv") -> str:
    """Upload as the standard library does; gives the answer."""
    return client.storbinary(f"STOR {name}", io.BytesIO(content))


def farewell(client: ftplib.FTP) -> None:
    """Let go of a connection, whatever has become of it."""
    with suppress(OSError, EOFError, ftplib.Error):
        client.close()
