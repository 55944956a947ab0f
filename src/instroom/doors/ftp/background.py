"""Runs slow jobs in threads beside the event loop, so that one session never holds up another."""

import logging
import socket
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.db import close_old_connections

_log = logging.getLogger("instroom.ftp")
OnDone = Callable[[Any, BaseException | None], None]


class Background:
    """A small thread pool that reports the results of its jobs in the loop."""

    def __init__(self, loop: Any, threads: int, name: str, max_waiting: int = 1000) -> None:
        self._waker = LoopWaker(loop)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._max_waiting = max_waiting
        self._waiting = 0

    def run(self, job: Callable[[], Any], on_done: OnDone) -> bool:
        """Run a job in a thread, then call `on_done` in the loop with its result or its exception. Returns False when
        too many jobs are waiting."""
        if self._waiting >= self._max_waiting:
            return False
        self._waiting += 1
        future = self._pool.submit(_run_and_close_connections, job)
        future.add_done_callback(lambda done: self._waker.call(self._finish, done, on_done))
        return True

    def stop(self) -> None:
        """Wait for the running jobs. Their results are no longer reported."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _finish(self, future: "Future[Any]", on_done: OnDone) -> None:
        self._waiting -= 1
        if future.cancelled():
            return
        error = future.exception()
        on_done(None if error else future.result(), error)


def _run_and_close_connections(job: Callable[[], Any]) -> Any:
    try:
        return job()
    finally:
        close_old_connections()


class LoopWaker:
    """Wakes the loop from another thread, to call a function in the loop's own thread."""

    def __init__(self, loop: Any) -> None:
        self._loop = loop
        self._receiver, self._sender = socket.socketpair()
        self._receiver.setblocking(False)
        self._sender.setblocking(False)
        self._calls: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()
        self._fileno = self._receiver.fileno()
        loop.register(self._fileno, self, loop.READ)

    def call(self, function: Callable[..., None], *arguments: Any) -> None:
        """Let the loop call a function as soon as it can."""
        self._calls.append((function, arguments))
        try:
            self._sender.send(b"!")
        except OSError:  # full: a wake-up is under way already; closed: there is no loop any more
            return

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def handle_read_event(self) -> None:
        self._receiver.recv(4096)
        while self._calls:
            function, arguments = self._calls.popleft()
            try:
                function(*arguments)
            except Exception:
                _log.exception("the result of a job could not be reported")

    def handle_close(self) -> None:
        """Nothing to do: the other end is ours and stays open."""

    def handle_error(self) -> None:
        _log.exception("the loop could not be woken")

    def close(self) -> None:
        self._loop.unregister(self._fileno)
        self._receiver.close()
        self._sender.close()
