"""`instroom worker` as a child of another process: it is started again when it dies, and ends with its parent."""

import logging
import subprocess
import sys
from threading import Event, Thread
from time import monotonic

from instroom.flow.passing_by import pause_after

_LASTS: float = 60.0  # seconds after which a worker that dies is the first one again
_log = logging.getLogger(__name__)


class WorkerChild:
    """Runs a worker beside this process, so that its steps take no time from what this process serves.

    What it says goes where this process's errors go.
    """

    def __init__(self, lang: str) -> None:
        # -P: no module of the folder that we happen to be in
        self._command = [sys.executable, "-P", "-m", "instroom", "worker", "--until-input-ends", "--lang", lang]
        self._process: subprocess.Popen[bytes] | None = None
        self._stop = Event()
        self._thread = Thread(target=self._run, name="worker", daemon=True)

    def start(self) -> None:
        """Begin, and return at once."""
        self._thread.start()

    def end(self, within: float) -> None:
        """Let it end its step, for so many seconds at most. A step that is broken off then is taken up at the next
        start."""
        self._stop.set()
        if self._process:
            self._process.terminate()
        self._thread.join(within)
        if self._process:
            self._process.kill()

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            began = monotonic()
            how = self._work()
            failures = 1 if monotonic() - began > _LASTS else failures + 1
            if not self._stop.wait(pause_after(failures)):
                _log.error("the worker has ended (%s) and is started again", how)

    def _work(self) -> int | str | None:
        """One worker, until it ends; gives how."""
        try:
            # the write end of its input is ours alone: it is closed when this process ends, however that happens
            self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE)  # noqa: S603 (ours)
        except OSError as error:  # no room for a process more
            return error.strerror
        with self._process:
            if self._stop.is_set():
                self._process.terminate()
            return self._process.wait()
