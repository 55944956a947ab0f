"""Runs `instroom` as people run it: with arguments, streams, a folder and an environment of its own.

A command runs in the process of its test: that spares the third of a second in which Python and Django start. What the
end of a process undoes is undone here. A process is for tests that are about one: settings that are read at the start,
signals, pipes, what is loaded, and commands that do not end by themselves.
"""

import gc
import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

INSTROOM = str(Path(sys.executable).with_name("instroom"))
KEPT = {"INSTROOM_HOME", "INSTROOM_DATABASE_URL", "INSTROOM_FTP_PORT", "INSTROOM_FTPES_PORT", "INSTROOM_FTPS_PORT"}
READ_BY_EACH_COMMAND = {"INSTROOM_LANG", "INSTROOM_DEBUG", "INSTROOM_FTP_FOLDER", "INSTROOM_FTP_PORT"} | {
    "INSTROOM_HTTP", "INSTROOM_FTP_PASSIVE", "INSTROOM_FTP_MASQUERADE", "INSTROOM_FTP_IDLE", "INSTROOM_FTP_CERTIFICATE"
}  # fmt: skip
"""All other settings are read when Django is loaded."""

Argument = str | bytes | Path


class Ran(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Standard output as the one JSON document that it must be."""
        return json.loads(self.out)


class Run(NamedTuple):
    """Runs `instroom` in a folder of the test's own, on the test's database."""

    folder: Path

    def __call__(self, *arguments: Argument, stdin: bytes = b"", **variables: str) -> Ran:
        """Run it with these arguments; keywords are environment variables. Settings that are read at the start give it
        a process of its own."""
        if not variables.keys() <= READ_BY_EACH_COMMAND:
            return self.process(*arguments, stdin=stdin, **variables)
        from instroom.doors.cli.main import main

        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            _change_environment(patch, environment(**variables))
            patch.setattr(sys, "argv", [INSTROOM, *map(os.fsdecode, arguments)])
            return _called(main, patch, stdin)

    def process(self, *arguments: Argument, stdin: bytes = b"", **variables: str) -> Ran:
        """Run it in a process of its own."""
        ran = subprocess.run(
            [INSTROOM, *arguments],
            input=stdin,
            capture_output=True,
            cwd=self.folder,
            env=environment(**variables),
            timeout=600,
            check=False,
        )
        return Ran(ran.returncode, ran.stdout.decode("utf-8"), ran.stderr.decode("utf-8"))


def environment(**more: str) -> dict[str, str]:
    """This test's database, and no other setting of the machine."""
    settings = {name: text for name, text in os.environ.items() if not name.startswith("INSTROOM_") or name in KEPT}
    return {**settings, "PYTHONWARNINGS": "error", **more}


def _change_environment(patch: pytest.MonkeyPatch, wanted: dict[str, str]) -> None:
    for name in os.environ.keys() - wanted.keys():
        patch.delenv(name)
    for name, text in wanted.items():
        patch.setenv(name, text)


def _called(main: Callable[[], int], patch: pytest.MonkeyPatch, stdin: bytes) -> Ran:
    out, err = io.BytesIO(), io.BytesIO()
    patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
    patch.setattr(sys, "stdout", io.TextIOWrapper(out, "utf-8"))
    patch.setattr(sys, "stderr", io.TextIOWrapper(err, "utf-8", "backslashreplace", line_buffering=True))
    with _state_of_its_own():
        code = main()
        sys.stdout.flush()
    return Ran(code, out.getvalue().decode("utf-8"), err.getvalue().decode("utf-8"))


@contextmanager
def _state_of_its_own() -> Iterator[None]:
    """Begin and end as a process does: without connections, in the language of the settings, with the log on standard
    error, and with the umask and the garbage collector of whoever starts it."""
    from django.db import connections
    from django.utils import translation

    umask, thresholds = os.umask(0), gc.get_threshold()
    os.umask(umask)
    connections.close_all()
    _log_to(sys.stderr)
    try:
        with translation.override(None):
            yield
    finally:
        connections.close_all()
        _log_to(sys.__stderr__)
        os.umask(umask)
        gc.unfreeze()
        gc.set_threshold(*thresholds)


def _log_to(stream: Any) -> None:
    from django.conf import settings

    from instroom.config.log_floods import SparingHandler

    for name in settings.LOGGING["loggers"]:
        for handler in logging.getLogger(name).handlers:
            if isinstance(handler, SparingHandler):
                handler.setStream(stream)
                handler._kinds.clear()  # what was held back is of another test
