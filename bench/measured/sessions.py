"""Many clients at once, against any server: `sessions FTP FTPES PID PASSWORD MEGABYTES ACCOUNT…`.

With 0 megabytes each account signs in and does nothing; otherwise all upload that much at the same time. One more
session keeps sending NOOP: its waiting time shows how much the others delay it.
"""

import ftplib
import io
import json
import multiprocessing
import os
import random
import ssl
import statistics
import sys
import time
from hashlib import sha256
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, NamedTuple

HOST = "127.0.0.1"
_QUIET = 5.0  # seconds
_BLOCK = 1 << 18


class Target(NamedTuple):
    """The ports, process id and password of the measured server."""

    ftp: int
    ftpes: int
    pid: int
    password: str


def signed_in(target: Target, account: str, *, tls: bool) -> ftplib.FTP:
    """Sign in; with TLS, data connections use it too."""
    if not tls:
        client = ftplib.FTP(timeout=120)  # noqa: S321
        client.connect(HOST, target.ftp)
        client.login(account, target.password)
        return client
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    secured = ftplib.FTP_TLS(timeout=120, context=context)  # noqa: S321
    secured.connect(HOST, target.ftpes)
    secured.login(account, target.password)
    secured.prot_p()
    return secured


def idle(target: Target, accounts: list[str]) -> dict[str, Any]:
    """Idle sessions, half of them over TLS: the time to open them, their cost, and how they delay another session."""
    asking = signed_in(target, accounts[0], tls=True)
    before = _memory_mb(target.pid)
    start = time.perf_counter()
    clients = [signed_in(target, account, tls=bool(number % 2)) for number, account in enumerate(accounts)]
    seconds = time.perf_counter() - start
    worked = _cpu(target.pid)
    time.sleep(_QUIET)
    share = (_cpu(target.pid) - worked) / _QUIET
    found = {"memory": [before, _memory_mb(target.pid)], "cpu": share, "noop": _noops(asking, seconds=2)}
    for client in clients:
        client.close()
    return {"seconds": seconds, **found}


def busy(target: Target, accounts: list[str], megabytes: int) -> dict[str, Any]:
    """Uploads, each from its own process, half of them over TLS. All have signed in before the first byte."""
    begin = multiprocessing.Barrier(len(accounts) + 1)
    ended: multiprocessing.Queue[tuple[float, str]] = multiprocessing.Queue()
    asking = signed_in(target, accounts[0], tls=True)
    sending = [
        multiprocessing.Process(target=_upload, args=(target, account, number, megabytes, begin, ended))
        for number, account in enumerate(accounts)
    ]
    for one in sending:
        one.start()
    begin.wait(120)
    start = time.perf_counter()
    noop = _noops(asking, while_busy=sending)
    ends = [ended.get(timeout=120) for _ in sending]
    return {"seconds": max(at for at, _ in ends) - start, "noop": noop, "sent": [digest for _, digest in ends]}


def _upload(target: Target, account: str, number: int, megabytes: int, begin: Barrier, ended: Any) -> None:
    content = random.Random(number).randbytes(megabytes << 20)  # noqa: S311
    client = signed_in(target, account, tls=bool(number % 2))
    begin.wait(120)
    client.storbinary(f"STOR personen{number}.csv", io.BytesIO(content), blocksize=_BLOCK)
    ended.put((time.perf_counter(), sha256(content).hexdigest()))  # the clock is the machine's, for all processes
    client.quit()


def _noops(client: ftplib.FTP, seconds: float = 0, while_busy: list[Any] | None = None) -> list[float]:
    """The median and the 95th percentile of the time to an answer."""
    found, end = [], time.monotonic() + seconds
    while time.monotonic() < end or any(one.is_alive() for one in while_busy or ()):
        start = time.perf_counter()
        client.voidcmd("NOOP")
        found.append(time.perf_counter() - start)
        time.sleep(0.01)
    return [statistics.median(found), sorted(found)[int(len(found) * 0.95)]]


def _memory_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main(ftp: str, ftpes: str, pid: str, password: str, megabytes: str, *accounts: str) -> None:
    """Measure and print the result."""
    target = Target(int(ftp), int(ftpes), int(pid), password)
    found = busy(target, list(accounts), int(megabytes)) if int(megabytes) else idle(target, list(accounts))
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
