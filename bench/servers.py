"""Our own servers as whole processes, each with its own store, ports and accounts."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.processes import Failed
from bench.stores import Store

HOST = "127.0.0.1"
PASSWORD = "een-lang-woord-7"  # noqa: S105
INSTROOM = str(Path(sys.executable).with_name("instroom"))
_SECONDS = 60.0
_PASSIVE = 11  # as product.md F1 has them
_SIGNS = {"web": "http://", "worker": ""}
"""What a command says once it listens, where that is not the fingerprint of a file server."""


class Server(NamedTuple):
    """A running server: its ports, process id and log."""

    ports: Mapping[str, int]  # of http, ftp, ftpes and ftps
    pid: int
    log: Path


@contextmanager
def ours(store: Store, command: str = "ftp", passive: int = _PASSIVE, **settings: str) -> Iterator[Server]:
    """Run `instroom ftp`, `web`, `worker` or `serve` for the length of the `with` block."""
    first = free_ports(passive)
    places = {f"INSTROOM_{name}_PORT": "0" for name in ("FTP", "FTPES", "FTPS")}
    places |= {"INSTROOM_HTTP": f"{HOST}:0", "INSTROOM_FTP_PASSIVE": f"{first}-{first + passive - 1}"}
    places |= {"INSTROOM_FTP_PER_ADDRESS": "400"}  # all sessions come from this machine
    log, environ = store.home / f"{command}.log", {**store.environ, **places, **settings}
    with log.open("wb") as said, running([INSTROOM, command], environ, said) as process:
        yield Server(ports_in(awaited(log, process, _SIGNS.get(command, "SHA-256"))), process.pid, log)


def ports_in(said: str) -> dict[str, int]:
    """By what a server says of itself."""
    found = re.findall(rf"(FTP\w* |http://){re.escape(HOST)}:(\d+)", said)
    return {name.strip(":/ ").lower(): int(port) for name, port in found}


@contextmanager
def running(command: list[str], environ: Mapping[str, str], said: object) -> "Iterator[subprocess.Popen[bytes]]":
    """Run a process for the length of the `with` block."""
    process = subprocess.Popen(command, env={**os.environ, **environ}, stdout=said, stderr=said)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.terminate()
        process.wait(_SECONDS)


def free_ports(count: int) -> int:
    """The first of `count` consecutive free ports."""
    for first in range(30_000, 60_000, count):
        if all(_is_free(port) for port in range(first, first + count)):
            return first
    raise Failed("no ports are free")


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def awaited(log: Path, process: "subprocess.Popen[bytes]", sign: str = "SHA-256") -> str:
    """What a process has said, once that holds this sign that it listens."""
    end = time.monotonic() + _SECONDS
    while process.poll() is None and time.monotonic() < end:
        if sign in (said := log.read_text(encoding="utf-8")):
            return said
        time.sleep(0.05)
    raise Failed(f"the server did not start: {log.read_text(encoding='utf-8')[-3000:]}")
