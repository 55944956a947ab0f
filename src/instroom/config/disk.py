"""How much of the disk stays free."""

import os
from typing import Final

from instroom.core.errors import SettingsError

MB: Final = 1024 * 1024
_LEAST_FREE: Final = 500  # megabytes: a database that cannot write stops everybody


def least_free() -> int:
    """INSTROOM_FREE_MB in bytes. Raises SettingsError."""
    return megabytes("INSTROOM_FREE_MB", os.environ.get("INSTROOM_FREE_MB"), _LEAST_FREE)


def megabytes(name: str, text: str | None, otherwise: float) -> int:
    """A setting in megabytes, in bytes. Raises SettingsError."""
    return int(MB * number(name, text, otherwise))


def number(name: str, text: str | None, otherwise: float) -> float:
    """A setting that is a number. Raises SettingsError."""
    try:
        found = float(text) if text else otherwise
        if 0 <= found < 1e9:
            return found
    except ValueError:
        pass
    raise SettingsError("setting-number", name=name)
