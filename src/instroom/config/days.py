"""How many days something lasts, as a site may choose."""

from instroom.core.errors import SettingsError


def number_of_days(name: str, text: str | None, usual: int, most: int) -> int:
    """A setting of the environment, from 1 to `most`. Raises SettingsError."""
    text = text or str(usual)
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= most):
        raise SettingsError("setting-days", name=name, most=most)
    return int(text)
