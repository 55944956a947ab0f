"""What takes long is done beside the loop, so that one session never holds up another."""

import logging
import socket
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.db import close_old_connections

_log = logging.getLogger("instroom.ftp")
Then = Callable[[Any, BaseException | None], None]


class Background:
    """A few threads, of which the loop is told what came out."""

    def __init__(self, loop: Any, threads: int, name: str, most_waiting: int = 1000) -> None:
        self._wake = Wake(loop)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._most = most_waiting
        self._waiting = 0

    def run(self, job: Callable[[], Any], then: Then) -> bool:
        """Do a job beside the loop, and call `then` in the loop with what it gave or raised. False: too much waits."""
        if self._waiting >= self._most:
            return False
        self._waiting += 1
        self._pool.submit(_with_database, job).add_done_callback(lambda done: self._wake.call(self._done, done, then))
        return True

    def stop(self) -> None:
        """Wait for what is being done; what came out is told to nobody any more."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _done(self, future: "Future[Any]", then: Then) -> None:
        self._waiting -= 1
        if future.cancelled():
            return
        error = future.exception()
        then(None if error else future.result(), error)


def _with_database(job: Callable[[], Any]) -> Any:
    try:
        return job()
    finally:
        close_old_connections()


class Wake:
    """Wakes the loop from another thread, to call something there."""

    def __init__(self, loop: Any) -> None:
        self._loop = loop
        self._here, self._there = socket.socketpair()
        self._here.setblocking(False)
        self._there.setblocking(False)
        self._calls: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()
        self._fileno = self._here.fileno()
        loop.register(self._fileno, self, loop.READ)

    def call(self, function: Callable[..., None], *arguments: Any) -> None:
        """Call a function in the loop, soon."""
        self._calls.append((function, arguments))
        try:
            self._there.send(b"!")
        except OSError:  # full: it is being woken; closed: nobody is there to be woken
            return

    def readable(self) -> bool:
        """There may always be a call."""
        return True

    def writable(self) -> bool:
        """There is never anything to write."""
        return False

    def handle_read_event(self) -> None:
        """Do the calls."""
        self._here.recv(4096)
        while self._calls:
            function, arguments = self._calls.popleft()
            try:
                function(*arguments)
            except Exception:
                _log.exception("what came out of a job could not be told")

    def handle_close(self) -> None:
        """The other end is ours and stays open."""

    def handle_error(self) -> None:
        """The loop goes on."""
        _log.exception("waking the loop went wrong")

    def close(self) -> None:
        """The loop ends."""
        self._loop.unregister(self._fileno)
        self._here.close()
        self._there.close()
