#!/usr/bin/env python3
"""Runs a command beside a temporary PostgreSQL server, and deletes the server afterwards.

    scripts/with_postgres.py [--durable] COMMAND…

The command finds the server's address in INSTROOM_TEST_POSTGRES_URL. The server listens on a socket in a folder that
only its own user and root may enter, so trust is enough. PostgreSQL refuses to run as root: there it runs as
`postgres`, or else as `nobody`.

Without --durable the server does not wait for the disk. Committed data then survives a crash of its clients and of the
server, but not of the machine: right for tests, wrong for measuring.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

HASTY = ("fsync=off", "full_page_writes=off")
START_SECONDS = 60


def main(arguments: list[str]) -> int:
    """Run the command, and return its exit code."""
    durable = arguments[:1] == ["--durable"]
    command = arguments[1:] if durable else arguments
    if not command:
        sys.stderr.write(__doc__ or "")
        return 2
    signal.signal(signal.SIGTERM, _stop)  # so that a `kill` stops the server too, as Ctrl+C does
    with throwaway_server(() if durable else HASTY) as url:
        child = subprocess.Popen(command, env={**os.environ, "INSTROOM_TEST_POSTGRES_URL": url})  # noqa: S603
        try:
            return child.wait()
        except KeyboardInterrupt:  # the terminal has interrupted the command as well
            child.wait()
            return 130
        except SystemExit:
            child.terminate()
            child.wait()
            raise


@contextlib.contextmanager
def throwaway_server(settings: tuple[str, ...]) -> Iterator[str]:
    """Run a new server; yields the URL of its database `postgres`."""
    programs = Path(_output(str(Path(__file__).with_name("postgres-bin"))))
    folder = Path(tempfile.mkdtemp(prefix="instroom-postgres-"))
    user = _server_user()
    os.chown(folder, user.pw_uid, user.pw_gid)
    try:
        _initialise(programs, folder / "data", user)
        server = _start(programs, folder, user, settings)
        try:
            _await(server, folder)
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            server.send_signal(signal.SIGINT)  # a fast shutdown: it does not wait for its clients
            server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _stop(_signal: int, _frame: object) -> None:
    sys.exit(143)


def _output(*command: str) -> str:
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603
    if done.returncode:
        sys.exit("No PostgreSQL server of version 15 or later is here; `scripts/need postgresql` installs it.")
    return done.stdout.strip()


def _server_user() -> pwd.struct_passwd:
    if os.getuid() != 0:
        return pwd.getpwuid(os.getuid())
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _as_user(user: pwd.struct_passwd, *, die_with_parent: bool = False) -> list[str]:
    """The prefix that makes a command run as this user and, with `die_with_parent`, end when this process ends."""
    words = ["setpriv"]
    if os.getuid() == 0:
        words += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    if die_with_parent:
        words += ["--pdeathsig", "INT"]
    return words if len(words) > 1 else []


def _initialise(programs: Path, data: Path, user: pwd.struct_passwd) -> None:
    words = [str(programs / "initdb"), "--pgdata", str(data), "--username=postgres", "--auth=trust", "--no-sync"]
    words += ["--encoding=UTF8", "--no-locale"]
    done = subprocess.run([*_as_user(user), *words], cwd="/", capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        sys.exit(f"PostgreSQL could not be set up: {done.stderr}")


def _start(
    programs: Path, folder: Path, user: pwd.struct_passwd, settings: tuple[str, ...]
) -> "subprocess.Popen[bytes]":
    words = [str(programs / "postgres"), "-D", str(folder / "data")]
    for setting in (f"unix_socket_directories={folder}", "listen_addresses=", "max_connections=100", *settings):
        words += ["-c", setting]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603
            [*_as_user(user, die_with_parent=True), *words],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl+C must not reach the server: it is stopped after the command
        )


def _await(server: "subprocess.Popen[bytes]", folder: Path) -> None:
    ready = folder / "data" / "postmaster.pid"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        # The last line of this file is the server's state (PostgreSQL's documentation of pg_ctl).
        if ready.exists() and ready.read_text(encoding="utf-8").rstrip().endswith("ready"):
            return
        time.sleep(0.05)
    sys.exit("PostgreSQL did not start: " + (folder / "log").read_text(encoding="utf-8", errors="replace"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
