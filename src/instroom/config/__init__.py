"""Settings, and how Django is loaded by the doors that need it."""

import gc
import os


def setup() -> None:
    """Load Django with Instroom's settings. Takes a third of a second: only commands that need the store call it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "instroom.config.settings")
    import django  # noqa: PLC0415 (loaded on purpose when asked, not before)

    django.setup()


def collect_less() -> None:
    """Let the garbage collector look less often, in a process that does one thing and ends: a check makes many small
    objects without cycles, and looking through them took a quarter of its time (docs/reference/performance.md)."""
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
