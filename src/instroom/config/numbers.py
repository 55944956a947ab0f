"""Settings that are numbers. What cannot be one is refused at the start, by the name of the setting."""

from typing import Final

from instroom.core.errors import SettingsError

MB: Final = 1024 * 1024
_MOST_DIGITS: Final = 9


def whole_number(text: str) -> int | None:
    """The number that these digits are, without a sign; None for other text, and for more digits than a setting has."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else None


def number_of_days(name: str, text: str | None, usual: int, most: int) -> int:
    """From 1 to `most`. Raises SettingsError."""
    found = whole_number(text) if text else usual
    if found is None or not 1 <= found <= most:
        raise SettingsError("setting-days", name=name, most=most)
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
