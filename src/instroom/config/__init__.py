"""Settings, and how the doors that need Django load it."""

import gc
import os


def setup() -> None:
    """Load Django with Instroom's settings. It takes a third of a second, so only commands that need the store do."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "instroom.config.settings")
    import django  # noqa: PLC0415 (loaded only here: see above)

    django.setup()


def collect_less() -> None:
    """Run the garbage collector less often, in a process that does one thing and ends. A check creates many small
    objects without cycles; scanning them took a quarter of its time (docs/reference/performance.md)."""
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
