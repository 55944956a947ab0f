"""The folder that `instroom serve` watches: INSTROOM_WATCH."""

import os
from pathlib import Path


def watched_folder() -> Path | None:
    """INSTROOM_WATCH, the folder in which another server drops files; None if it is not set."""
    text = os.environ.get("INSTROOM_WATCH")
    return Path(text).absolute() if text else None
