"""The folder of everything that a site keeps: INSTROOM_HOME."""

import os
from pathlib import Path


def home() -> Path:
    """INSTROOM_HOME; by default `instroom-data` in the folder of the process."""
    return Path(os.environ.get("INSTROOM_HOME") or "instroom-data").absolute()
