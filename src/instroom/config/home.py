"""The folder of everything that a site keeps: INSTROOM_HOME."""

import os
from pathlib import Path
from typing import Final

UNFINISHED_RESTORE: Final = "restoring"
"""The file in it that says that a restore was begun and did not end: nothing works there."""


def home() -> Path:
    """INSTROOM_HOME; by default `instroom-data` in the folder of the process."""
    return Path(os.environ.get("INSTROOM_HOME") or "instroom-data").absolute()
