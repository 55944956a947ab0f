"""What this process is called: at the database, where its sessions bear the name, and in what it holds there.

Another process on this machine can tell by the name alone whether this one is still there.
"""

import os
import socket
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

MOST_OF_NAME: Final = 63  # bytes that PostgreSQL keeps of a session's name
_OF_START: Final = 6  # letters of a name that say of which start of which machine it is


def process_name() -> str:
    """Such as `instroom worker-2:4711:88120345:1f0c9a7e03bb`: the host, the process, since when it runs, and the start
    and the list of processes of the machine, in which the number of a process means the same."""
    return _name_of(os.getpid())


def is_gone(name: str) -> bool:
    """Whether the process of that name is known to have ended: never of one on another machine or in a container."""
    pid, since, place = name.rsplit(":", 3)[-3:]
    return place == _place() and _started(int(pid)) != since and not _is_hidden(int(pid))


def machine_of(name: str) -> str:
    """The machine on which the process of that name runs, since its last start; that of its containers too."""
    return name.rpartition(":")[2][:_OF_START]


@cache
def _name_of(pid: int) -> str:
    rest = f":{pid}:{_started(pid)}:{_place()}"
    return f"instroom {socket.gethostname()}"[: MOST_OF_NAME - len(rest)] + rest


@cache
def _place() -> str:
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")
    pids = os.readlink("/proc/self/ns/pid")  # noqa: PTH115 - no file is behind it
    parts = boot, f"{pids} {socket.gethostname()}"
    return "".join(sha256(part.encode()).hexdigest()[:_OF_START] for part in parts)


def _is_hidden(pid: int) -> bool:
    """Of another user, whose processes the system does not show: it may be the one."""
    try:
        os.kill(pid, 0)
    except OSError as error:
        return isinstance(error, PermissionError)
    return False


def _started(pid: int) -> str:
    """When a process began, in ticks since the machine did; "" where there is none, or what has ended."""
    try:
        facts = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    state, *rest = facts.rpartition(")")[2].split()
    return "" if state in "ZX" else rest[18]
