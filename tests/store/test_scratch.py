"""Files that live for a moment are for nobody else to read, and do not outlive their process for long."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from instroom.store.files import scratch

pytestmark = pytest.mark.unstored

HOLD = """
import sys, time
from instroom.config import setup
setup()
from instroom.store.files import scratch
with scratch.folder() as folder:
    for one in (scratch.process_folder(), folder):
        (one / "geheim.csv").write_text("Anna")
        print(one, flush=True)
    time.sleep(600)
"""


def mode(path: Path) -> int:
    """The permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


def test_the_folder_is_in_memory_for_its_owner_alone_and_goes(
    instroom_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scratch.folder() as folder:
        (folder / "x").write_text("x")
        assert mode(folder) == 0o700
        assert not folder.is_relative_to(instroom_home)
        assert scratch.delete_orphans() == 0
    assert not folder.exists()
    monkeypatch.setattr(scratch, "memory_place", lambda: None)
    with scratch.folder() as folder:
        assert [mode(one) for one in (folder, folder.parent)] == [0o700, 0o700]
        assert folder.is_relative_to(instroom_home)


def test_what_a_killed_process_left_is_swept_and_nothing_else(instroom_home: Path) -> None:
    mine = scratch.process_folder()
    with subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        its = [Path(process.stdout.readline().strip()) for _ in range(2)]
        scratch.delete_orphans()
        assert all((one / "geheim.csv").exists() for one in its)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert scratch.delete_orphans() == 2
    assert not any(one.exists() for one in its)
    assert mine.exists()
