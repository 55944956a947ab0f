"""Settings that are numbers. What cannot be one is refused at the start, by the name of the setting."""

from typing import Final

from instroom.core.errors import SettingsError
from instroom.core.whole_number import whole_number

MB: Final = 1024 * 1024


def whole_number_between(name: str, text: str | None, usual: int, least: int, most: int) -> int:
    """Raises SettingsError for another one."""
    found = whole_number(text) if text else usual
    if found is None or not least <= found <= most:
        raise SettingsError("setting-between", name=name, least=least, most=most)
    return found


def megabytes(name: str, text: str | None, otherwise: float) -> int:
    """A setting in megabytes, in bytes. Raises SettingsError."""
    return int(MB * number(name, text, otherwise))


def number(name: str, text: str | None, otherwise: float) -> float:
    """A number that is not negative, whole or not. Raises SettingsError."""
    try:
        found = float(text) if text else otherwise
        if 0 <= found < 1e9:
            return found
    except ValueError:
        pass
    raise SettingsError("setting-number", name=name)
