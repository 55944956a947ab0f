"""Settings, and how Django is loaded by the doors that need it."""

import os


def setup() -> None:
    """Load Django with Instroom's settings. Takes a third of a second: only commands that need the store call it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "instroom.config.settings")
    import django  # noqa: PLC0415 (loaded on purpose when asked, not before)

    django.setup()
