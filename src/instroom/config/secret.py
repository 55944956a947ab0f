"""The site's secret keys. They sign cookies and encrypt secrets and the data keys: the first one writes, all are read.

They stand in INSTROOM_SECRET_KEYS, or in INSTROOM_SECRET_KEY where there is one; otherwise in the file `secret-key` of
the home folder, one a line, where the first one is created.
"""

import os
import secrets
from pathlib import Path

from instroom.config.disk import sync_folder
from instroom.core.errors import SettingsError

_BYTES = 48
_LEAST = 32
_LEAST_DIFFERENT = 8
_KEPT = 2


def chosen_keys() -> list[str]:
    """Those that are set; none where they are in the home folder. Raises SettingsError if others could guess one."""
    one = os.environ.get("INSTROOM_SECRET_KEY", "")
    several = os.environ.get("INSTROOM_SECRET_KEYS", "").replace(",", " ").split()
    for name, keys in (("INSTROOM_SECRET_KEYS", several), ("INSTROOM_SECRET_KEY", [one] if one else [])):
        if any(map(_is_guessable, keys)):
            raise SettingsError("setting-secret-key-short", name=name, least=_LEAST)
    return several + [one] * bool(one)


def metrics_token(text: str) -> str:
    """INSTROOM_METRICS_TOKEN, which is "" where nobody is to have it. Raises SettingsError if others could guess it."""
    if text and _is_guessable(text):
        raise SettingsError("setting-secret-key-short", name="INSTROOM_METRICS_TOKEN", least=_LEAST)
    return text


def secret_keys(home: Path) -> list[str]:
    """Those that are set, or else those of this home folder, where one is created with the database. Without a home
    folder, none; and none where the file is lost: another key would read nothing."""
    if keys := chosen_keys():
        return keys
    is_new = not any((home / name).exists() for name in ("secret-key", "instroom.sqlite3"))
    if is_new and home.is_dir() and os.access(home, os.W_OK):
        keep(home, new_key())
    return _in_file(home)


def new_key() -> str:
    return secrets.token_urlsafe(_BYTES)


def keep(home: Path, key: str) -> bool:
    """Make this the key of a home folder that has none. False if another process was first. Raises OSError."""
    path = home / "secret-key"
    draft = _draft(path, [key])
    try:
        path.hardlink_to(draft)
        sync_folder(home)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def add(home: Path) -> bool:
    """Put a new key before those in the home folder. False where they are set instead, or there is no file.

    All others stay until `drop_older`: a change of keys that was broken off may have left something under any of them.
    Raises OSError.
    """
    before = [] if chosen_keys() else _in_file(home)
    if before:
        _write(home, [new_key(), *before])
    return bool(before)


def drop_older(home: Path) -> None:
    """Drop the keys in the home folder but the first two: sessions are signed with the second one. Raises OSError."""
    if not chosen_keys() and len(keys := _in_file(home)) > _KEPT:
        _write(home, keys[:_KEPT])


def require(home: Path) -> None:
    """Raise SettingsError if the key would be lost when this process ends, and with it all that it encrypts: a site on
    PostgreSQL may have no home folder."""
    if not chosen_keys() and not (home / "secret-key").exists():
        if (home / "instroom.sqlite3").exists():
            raise SettingsError("secret-key-lost", name=home / "secret-key")
        raise SettingsError("setting-secret-key")


def _is_guessable(key: str) -> bool:
    return len(key) < _LEAST or len(set(key)) < _LEAST_DIFFERENT


def _in_file(home: Path) -> list[str]:
    path = home / "secret-key"
    return path.read_text(encoding="ascii").split() if path.exists() else []


def _write(home: Path, keys: list[str]) -> None:
    path = home / "secret-key"
    _draft(path, keys).replace(path)
    sync_folder(home)  # before anything is encrypted with it: a power cut may not bring the file of before back


def _draft(path: Path, keys: list[str]) -> Path:
    """A file that only we can read, complete before it gets its name."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write("".join(f"{key}\n" for key in keys))
        file.flush()
        os.fsync(descriptor)
    return draft
