"""Settings, and how the doors that need Django load it."""

import gc
import os
import sys
from typing import Final

_TURN: Final = 0.0005  # seconds that a thread computes while others wait for the interpreter; of Python itself 0.005
"""A thread gives the interpreter away at each question to the database, and waits a whole turn to have it back. Beside
one thread that computes, a page with its forty questions took 21 times as long as alone, and takes 4 times with this
(docs/explanation/load.md)."""


def setup() -> None:
    """Load Django with Instroom's settings. It takes a third of a second, so only commands that need the store do."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "instroom.config.settings")
    import django  # noqa: PLC0415 (loaded only here: see above)

    django.setup()
    sys.setswitchinterval(_TURN)


def collect_less() -> None:
    """Run the garbage collector less often, in a process that does one thing and ends. A check creates many small
    objects without cycles; scanning them took a quarter of its time (docs/reference/performance.md)."""
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
