"""The server as it really runs: a process of its own, on a free port."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

INSTROOM = str(Path(sys.executable).with_name("instroom"))


@contextmanager
def serving(door: str, quiet: bool = False, http: str = "127.0.0.1:0") -> Iterator[str]:
    """Where `instroom serve` or `instroom web` listens; it ends well, and where it is to be `quiet` nothing broke."""
    environment = {**os.environ, "INSTROOM_HTTP": http}
    with subprocess.Popen([INSTROOM, door], env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        lines = (re.search(r"http://[\d.:]+", line) for line in process.stderr)
        found = next(filter(None, lines))  # what is cleaned first has lines of its own
        said: list[str] = []
        reading = Thread(target=said.extend, args=(process.stderr,))  # a full pipe would stop the server
        reading.start()
        try:
            yield found[0]
        finally:
            process.send_signal(signal.SIGTERM)  # also after a failure: it would go on, and be waited for
        assert process.wait(30) == 0
        reading.join()
        assert not quiet or [line for line in said if " refused with " not in line] == []


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in taken]
    for one in taken:
        one.close()
    return ports
