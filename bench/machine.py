"""What the figures depend on: the machine, and the versions of what runs on it."""

import os
import platform
import sqlite3
from datetime import UTC, datetime

from bench import stores


def facts() -> dict[str, str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.machine()}",
        "software": f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {stores.server_version()}",
    }
