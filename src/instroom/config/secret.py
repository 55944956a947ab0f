"""The key that signs what browsers keep: the site's own, made once and kept in its home folder."""

import os
import secrets
from pathlib import Path

from instroom.core.errors import SettingsError

_BYTES = 48


def secret_key(home: Path) -> str:
    """The key of this home; made where there is none yet. Without a home folder nothing is signed that outlives us."""
    path = home / "secret-key"
    if not path.exists() and home.is_dir() and os.access(home, os.W_OK):
        _make(path)
    return path.read_text(encoding="ascii") if path.exists() else secrets.token_urlsafe(_BYTES)


def require(home: Path) -> None:
    """Raise SettingsError where the key would be gone when this process ends, and with it every session and second
    factor: a site on PostgreSQL has no home folder by itself."""
    if not os.environ.get("INSTROOM_SECRET_KEY") and not (home / "secret-key").exists():
        raise SettingsError("setting-secret-key")


def _make(path: Path) -> None:
    """Whole or not at all, and of two processes at once the first one's stays."""
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
