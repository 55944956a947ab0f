"""What processes and the database use, read from /proc and from the database's own statistics."""

import os
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

_TICKS = os.sysconf("SC_CLK_TCK")
_COMMANDS = (b"serve", b"web", b"ftp", b"worker")
_BETWEEN = 0.2  # seconds between two looks

_ACTIVITY = """
    SELECT state, wait_event_type, wait_event, query FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
_OF_OTHERS = {("Lock", one) for one in ("transactionid", "tuple", "relation", "object", "advisory")}
"""What a session waits for that another one does; not `extend`: two COPYs that make the file of a table longer."""


class Processor(NamedTuple):
    """Seconds of processor time since each began."""

    workers: list[float]
    database: float
    machine: float  # all that runs on it

    def since(self, before: "Processor") -> "Processor":
        workers = [now - then for now, then in zip(self.workers, before.workers, strict=True)]
        return Processor(workers, self.database - before.database, self.machine - before.machine)


def processor(workers: list[int], server: int) -> Processor:
    """Of these processes, and of the database server with all that it has started, also what has ended."""
    children = [one for _, one in _stats() if one.parent == server]
    database = _stat(server).with_ended + sum(one.own for one in children)
    busy = [int(number) for number in Path("/proc/stat").read_text(encoding="utf-8").split("\n")[0].split()[1:]]
    machine = (sum(busy[:3]) + sum(busy[5:7])) / _TICKS
    return Processor([_stat(pid).own for pid in workers], database, machine)


def peak_mb(pid: int) -> float:
    """The largest resident set that a process has had."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def server_pid(database: "psycopg.Connection[Any]") -> int:
    """The process that starts all others of the database server, which is on this machine."""
    return _stat(database.info.backend_pid).parent


class Use(NamedTuple):
    """What a process holds now."""

    command: str  # such as `web`
    rss_mb: float
    pss_mb: float  # of what it shares with others only its part
    files: int
    threads: int


def uses(pids: Iterable[int]) -> dict[int, Use]:
    """What these processes and their children hold, by process id; without those that have ended."""
    family = {*pids, *(pid for pid, one in _stats() if one.parent in pids)}
    found = {}
    for pid in family:
        with suppress(FileNotFoundError, ProcessLookupError):
            found[pid] = _use(Path(f"/proc/{pid}"))
    return found


def _use(process: Path) -> Use:
    words = (process / "cmdline").read_bytes().split(b"\0")
    command = next((one.decode() for one in words if one in _COMMANDS), "?")
    memory = (process / "smaps_rollup").read_text(encoding="ascii")
    rss, pss = (int(memory.partition(f"\n{name}:")[2].split()[0]) / 1024 for name in ("Rss", "Pss"))
    counts = (sum(1 for _ in (process / name).iterdir()) for name in ("fd", "task"))
    return Use(command, rss, pss, *counts)


class _Stat(NamedTuple):
    parent: int
    own: float
    with_ended: float


def _stat(pid: int) -> _Stat:
    words = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    own, ended = sum(map(int, words[11:13])), sum(map(int, words[13:15]))
    return _Stat(int(words[1]), own / _TICKS, (own + ended) / _TICKS)


def _stats() -> Iterator[tuple[int, _Stat]]:
    """Of all processes, by their ids."""
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it has ended
            yield int(path.name), _stat(int(path.name))


class Sampler(threading.Thread):
    """Looks at what the database's sessions do, until it is stopped."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.looks = 0
        self.sessions = 0  # the most at once
        self.locked = 0  # looks at which a statement waited for another session
        self.waiting: Counter[str] = Counter()
        """Those statements, and at how many looks each waited."""
        self.busy: Counter[str] = Counter()
        """What the sessions with a statement under way do: `CPU`, or what they wait for."""
        self._database = psycopg.connect(url, autocommit=True)
        self._stop_asked = threading.Event()

    def run(self) -> None:
        with self._database:
            while not self._stop_asked.wait(_BETWEEN):
                sessions = self._database.execute(_ACTIVITY).fetchall()
                active = [one[1:] for one in sessions if one[0] == "active"]
                self.looks += 1
                self.sessions = max(self.sessions, len(sessions))
                waiting = {query[:60] for kind, event, query in active if (kind, event) in _OF_OTHERS}
                self.locked += bool(waiting)
                self.waiting.update(waiting)
                self.busy.update(f"{kind}: {event}" if kind else "CPU" for kind, event, _ in active)

    def stop(self) -> None:
        self._stop_asked.set()
        self.join()
