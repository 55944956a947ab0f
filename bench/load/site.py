"""The site that is measured, as it really runs: `instroom serve`, or web, worker and file server apart."""

import re
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.servers import HOST, INSTROOM, awaited, free_ports, ports_in, running
from bench.stores import Store

SERVERS = {"serve": ("serve",), "apart": ("web", "ftp", "worker")}
_SIGNS = {"serve": "SHA-256", "web": "http://", "ftp": "SHA-256"}
"""What a command says once it listens."""
_PASSIVE = 50
_ERROR = re.compile(r"\b(ERROR|CRITICAL|Traceback)\b")


class Site(NamedTuple):
    """Where it listens, and its processes."""

    http: int
    ftpes: int
    ftps: int
    pids: list[int]
    metrics_token: str
    logs: list[Path]

    def complaints(self) -> list[str]:
        """The lines of its logs that tell of an error."""
        lines = [line for log in self.logs for line in log.read_text(encoding="utf-8").splitlines()]
        return [line for line in lines if _ERROR.search(line)]


@contextmanager
def running_site(store: Store, servers: str) -> Iterator[Site]:
    first = free_ports(_PASSIVE)
    environ = {f"INSTROOM_{name}_PORT": "0" for name in ("FTP", "FTPES", "FTPS")}
    environ |= {"INSTROOM_HTTP": f"{HOST}:0", "INSTROOM_FTP_PASSIVE": f"{first}-{first + _PASSIVE - 1}"}
    environ |= {"INSTROOM_METRICS_TOKEN": secrets.token_urlsafe(32), "INSTROOM_LANG": "en", **store.environ}
    said, pids, logs = "", [], []
    with ExitStack() as stack:
        for command in SERVERS[servers]:
            log = store.home / f"{command}.log"
            process = stack.enter_context(running([INSTROOM, command], environ, stack.enter_context(log.open("wb"))))
            said += awaited(log, process, _SIGNS[command]) if command in _SIGNS else ""
            pids.append(process.pid)
            logs.append(log)
        http, ports = re.search(rf"http://{re.escape(HOST)}:(\d+)", said), ports_in(said)
        assert http
        yield Site(int(http[1]), ports["ftpes"], ports["ftps"], pids, environ["INSTROOM_METRICS_TOKEN"], logs)
