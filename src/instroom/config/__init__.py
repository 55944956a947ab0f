"""Settings, and how Django is loaded by the doors that need it."""

import gc
import os


def setup() -> None:
    """Load Django with Instroom's settings. Takes a third of a second: only commands that need the store call it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "instroom.config.settings")
    import django  # noqa: PLC0415 (loaded on purpose when asked, not before)

    django.setup()
    collect_less()


def collect_less() -> None:
    """Let the garbage collector look less often. A delivery is many small objects that live until it is done and hold
    no cycles; looking through them again and again took a quarter of the time (docs/reference/performance.md)."""
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
