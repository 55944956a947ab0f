"""A process that is told to stop does."""

import subprocess
import sys

PROGRAM = """
import os, signal
from threading import Event
from instroom.config.stopping import when_stopped
told = Event()
when_stopped(told.set)
class Left:
    def __del__(self):
        with told._cond:  # as within `told.wait`
            os.kill(os.getpid(), signal.SIGTERM)
Left()
assert told.wait(10)
"""


def test_a_signal_in_a_clean_up_and_under_a_lock_is_heeded() -> None:
    subprocess.run([sys.executable, "-c", PROGRAM], check=True, timeout=30)
