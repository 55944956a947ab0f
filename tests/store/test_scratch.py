"""Files that live for a moment are for nobody else to read, and do not outlive their process for long."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

from instroom.store.files import scratch

HOLD = """
import sys, time
from instroom.config import setup
setup()
from instroom.store.files import scratch
(scratch.process_folder() / "geheim.csv").write_text("Anna")
print(scratch.process_folder(), flush=True)
time.sleep(60)
"""


def mode(path: Path) -> int:
    """The permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


def test_the_folder_is_for_its_owner_alone_and_goes(instroom_home: Path) -> None:
    with scratch.folder() as folder:
        (folder / "x").write_text("x")
        assert folder.is_relative_to(instroom_home)
        for one in (folder, *list(folder.parents)[:2]):
            assert mode(one) == 0o700
    assert not folder.exists()


def test_what_a_killed_process_left_is_swept_and_nothing_else(instroom_home: Path) -> None:
    mine = scratch.process_folder()
    with subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        its = Path(process.stdout.readline().strip())
        scratch.delete_orphans()
        assert (its / "geheim.csv").exists()
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert scratch.delete_orphans() == 1
    assert not its.exists()
    assert mine.exists()
