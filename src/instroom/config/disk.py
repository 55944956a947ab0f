"""How much of the disk stays free."""

import os
from typing import Final

from instroom.config.numbers import megabytes

_LEAST_FREE: Final = 500  # megabytes: a database that cannot write stops everybody


def least_free() -> int:
    """INSTROOM_FREE_MB in bytes. Raises SettingsError."""
    return megabytes("INSTROOM_FREE_MB", os.environ.get("INSTROOM_FREE_MB"), _LEAST_FREE)
