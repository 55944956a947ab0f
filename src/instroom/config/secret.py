"""The site's secret key, which signs cookies and encrypts secrets. It is created once, in the home folder."""

import os
import secrets
from pathlib import Path

from instroom.core.errors import SettingsError

_BYTES = 48
_LEAST = 32
_LEAST_DIFFERENT = 8


def chosen_key(text: str) -> str:
    """INSTROOM_SECRET_KEY, if it is set. Raises SettingsError if others could guess it."""
    if text and (len(text) < _LEAST or len(set(text)) < _LEAST_DIFFERENT):
        raise SettingsError("setting-secret-key-short", least=_LEAST)
    return text


def secret_key(home: Path) -> str:
    """The key of this home folder, created if it is missing. Without a home folder, a key for this process only."""
    path = home / "secret-key"
    if not path.exists() and home.is_dir() and os.access(home, os.W_OK):
        _create(path)
    return path.read_text(encoding="ascii") if path.exists() else secrets.token_urlsafe(_BYTES)


def require(home: Path) -> None:
    """Raise SettingsError if the key would be lost when this process ends, and with it every session and second factor:
    a site on PostgreSQL may have no home folder."""
    if not os.environ.get("INSTROOM_SECRET_KEY") and not (home / "secret-key").exists():
        raise SettingsError("setting-secret-key")


def _create(path: Path) -> None:
    """Create the file in one step. If two processes do so at once, the first one's key stays."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(_BYTES))
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()
