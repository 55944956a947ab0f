"""`instroom watch` as people run it."""

import os
import signal
import subprocess
from collections.abc import Sequence

import pytest
from tests.commands import INSTROOM, Run
from tests.doors.watch.watched_folder import WatchedFolder, delivered
from tests.waiting import until

ROOT = os.geteuid() == 0
WITHOUT_RIGHTS = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
"""Root without its right to read and write everything: so that what is forbidden is."""


class Started:
    """A watcher in a process of its own."""

    def __init__(self, watched: WatchedFolder, before: Sequence[str] = ()) -> None:
        watched.stop()
        self._log = watched.folder.parent / "log"
        command = [*before, INSTROOM, "watch", str(watched.folder), "--settle", "0", "--lang", "en"]
        environment = {**os.environ, "INSTROOM_FTP_FOLDER": str(watched.settings.folder), "INSTROOM_FTP_FREE_MB": "0"}
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(command, stderr=log, env=environment)
        until(lambda: self.told())

    def told(self) -> list[str]:
        """The lines that it has written, without their time."""
        lines = self._log.read_text(encoding="utf-8").splitlines()
        return [line.partition(" instroom.watch ")[2] or line for line in lines]

    def end(self, number: int = signal.SIGTERM) -> int:
        """Ask it to stop; gives its exit code."""
        self.process.send_signal(number)
        return self.process.wait(30)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_takes_what_comes_and_stops_calmly(watched: WatchedFolder, number: int) -> None:
    watcher = Started(watched)
    try:
        watched.drop(".in.personen.csv.", b"een").rename(watched.hr / "personen.csv")
        until(lambda: delivered() and not watched.remaining())
        assert delivered() == [("personen.csv", b"een")]
    finally:
        assert watcher.end(number) == 0
    first, *rest = watcher.told()
    assert first == f"Watching the folder {watched.folder}. To stop: Ctrl+C."
    assert [line.partition(", delivery ")[0] for line in rest] == ["hr: 'personen.csv' taken, 3 bytes"]


def test_what_we_may_not_do_is_told_once_and_holds_up_nothing_else(watched: WatchedFolder, database_kind: str) -> None:
    """A file that we may not read, and a folder that we may not write in. On PostgreSQL root needs its rights, to reach
    the server of these tests; then nothing is forbidden, and all three come."""
    rights = ROOT and database_kind == "postgresql"
    (watched.folder / "buur").mkdir()
    watched.drop("geheim.csv").chmod(0)
    watched.drop("ander.csv", account="buur")
    (watched.folder / "buur").chmod(0o500)
    watcher = Started(watched, WITHOUT_RIGHTS if ROOT and not rights else [])
    try:
        until(lambda: len(watcher.told()) == 3)
        watched.drop("goed.csv", b"goed")
        until(lambda: "goed.csv" in dict(delivered()))
        (watched.folder / "buur").chmod(0o700)
        until(lambda: "ander.csv" in dict(delivered()))
    finally:
        assert watcher.end() == 0
    assert len(delivered()) == (3 if rights else 2)
    assert watched.remaining() == ([] if rights else ["geheim.csv"])
    troubles = [line for line in watcher.told()[1:] if "taken," not in line]
    wanted = [
        "folder 'buur': left alone: we may not write there, so nothing can be taken away from it",
        "hr: 'geheim.csv': not taken yet: Permission denied",
    ]
    assert sorted(troubles) == ([] if rights else wanted)


def test_killed_it_begins_again(watched: WatchedFolder) -> None:
    Started(watched).end(signal.SIGKILL)
    watcher = Started(watched)
    watched.drop("personen.csv")
    until(lambda: delivered())
    assert watcher.end() == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["/nergens"], 2), ([], 2), (["{}", "--account", "niemand"], 2), (["{}", "--settle", "-1"], 2), (["{}"], 1)],
    ids=str,
)
def test_wrong_use_is_told(watched: WatchedFolder, run: Run, arguments: list[str], code: int) -> None:
    """The last one is watched already."""
    folder = str(watched.settings.folder)
    done = run("watch", *(one.format(watched.folder) for one in arguments), INSTROOM_FTP_FOLDER=folder)
    assert (done.code, done.out) == (code, "")
    assert len(done.err.splitlines()) in (1, 2)


@pytest.mark.slow
def test_serve_watches_too_where_that_is_asked(watched: WatchedFolder) -> None:
    watched.stop()
    chosen = {"INSTROOM_WATCH": str(watched.folder), "INSTROOM_HTTP": "127.0.0.1:0", "INSTROOM_FTP_FREE_MB": "0"}
    environment = {**os.environ, **chosen, "INSTROOM_FTP_FOLDER": str(watched.settings.folder)}
    watched.drop("personen.csv", b"onzin")
    with subprocess.Popen([INSTROOM, "serve"], env=environment, stderr=subprocess.DEVNULL) as process:
        until(lambda: len(watched.remaining()) == 2, 60)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert watched.remaining() == ["personen.csv.rapport.json", "personen.csv.rapport.xlsx"]
