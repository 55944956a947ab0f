"""The demo's own server: `instroom serve` on free ports, and a program that delivers to it over FTPES."""

import ftplib
import os
import re
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from instroom.doors.cli.wrong_use import Broken

ACCOUNT: Final = "demo-hr"
_HOST: Final = "127.0.0.1"
_START: Final = "import sys; from instroom.doors.cli.main import main; sys.exit(main())"
_PATIENCE: Final = 120.0  # seconds
_LISTENS: Final = re.compile(rf"FTPES {re.escape(_HOST)}:(\d+)")


def loopback(http: int = 0) -> dict[str, str]:
    """Settings by which `instroom serve` listens to this machine alone: on this port for the web, 0 for a free one, and
    on free ones for FTPES."""
    data = free_port()
    ftp = {"INSTROOM_FTP_PORT": "off", "INSTROOM_FTPES_PORT": "0", "INSTROOM_FTPS_PORT": "off"}
    ftp |= {"INSTROOM_FTP_HOST": _HOST, "INSTROOM_FTP_PASSIVE": f"{data}-{data}"}
    return ftp | {"INSTROOM_HTTP": f"{_HOST}:{http}"}


@contextmanager
def running_server() -> Iterator[int]:
    """A server for as long as this lasts; gives its port for FTPES. Raises Broken where it does not start."""
    log = Path(os.environ["INSTROOM_HOME"]) / "serve.log"
    places = {**os.environ, **loopback()}
    with (
        log.open("wb") as said,
        subprocess.Popen([sys.executable, "-c", _START, "serve"], env=places, stderr=said) as server,  # noqa: S603 - fixed words
    ):
        try:
            yield _port(log, server)
        finally:
            server.terminate()


def put(port: int, password: str, file: Path) -> None:
    """Deliver a file over FTPES, to this server and no other. Raises ftplib.Error and OSError."""
    with _signed_in(port, password) as client, file.open("rb") as stream:
        client.storbinary(f"STOR {file.name}", stream)


def fetch(port: int, password: str, name: str) -> None:
    """Fetch a file, once it is there. Raises Broken, ftplib.Error and OSError."""
    with _signed_in(port, password) as client, Path(name).open("wb") as stream:
        wait_until(lambda: name in client.nlst())
        client.retrbinary(f"RETR {name}", stream.write)


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for what the server does beside us. Raises Broken where it does not come."""
    end = time.monotonic() + _PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise Broken("demo-failed", step="serve")
        time.sleep(0.2)


def _signed_in(port: int, password: str) -> ftplib.FTP_TLS:
    trusted = Path(os.environ["INSTROOM_HOME"]) / "ftp" / "certificate.pem"
    client = ftplib.FTP_TLS(context=ssl.create_default_context(cafile=str(trusted)), timeout=60)  # noqa: S321 - with TLS
    client.connect(_HOST, port)
    client.login(ACCOUNT, password)
    client.prot_p()
    return client


def _port(log: Path, server: "subprocess.Popen[bytes]") -> int:
    def said() -> re.Match[str] | None:
        return _LISTENS.search(log.read_text(encoding="utf-8", errors="replace"))

    wait_until(lambda: said() is not None or server.poll() is not None)
    found = said()
    if found is None:
        raise Broken("demo-server", said=log.read_text(encoding="utf-8", errors="replace").strip())
    return int(found[1])


def free_port(wished: int = 0) -> int:
    """The wished port, or any free one where somebody else has that."""
    try:
        with socket.create_server((_HOST, wished)) as taken:
            return int(taken.getsockname()[1])
    except OSError:
        return free_port()
