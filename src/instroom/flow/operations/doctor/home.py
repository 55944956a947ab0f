"""INSTROOM_HOME: whose it is, who else can read it, and its secret key."""

import os
import pwd
import stat
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

from instroom.config import secret
from instroom.config.home import UNFINISHED_RESTORE, home
from instroom.core.errors import SettingsError
from instroom.flow.operations.doctor.diagnosis import Asked, Diagnosis, diagnosis

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_MOST: Final = 5_000  # files whose owner is looked at


def look(asked: Asked) -> Iterator[Diagnosis]:
    place = home()
    faults = [*_folder(place), *_key(place)]
    yield from faults or [diagnosis("home", folder=place)]


def is_elsewhere() -> bool:
    """Whether a server has the database: then the folder may hold nothing but what passes, and is made at the start."""
    return bool(os.environ.get("INSTROOM_DATABASE_URL"))


def _folder(place: Path) -> Iterator[Diagnosis]:
    if any(one.is_file() for one in (place, *place.parents)):
        yield diagnosis("home-is-a-file", folder=place)
    elif not place.is_dir():
        if not is_elsewhere():
            yield diagnosis("home-missing", folder=place)
    else:
        yield from _rights(place, place.stat())
        if (place / UNFINISHED_RESTORE).exists():
            yield diagnosis("restore-unfinished", folder=place)


def _rights(place: Path, facts: os.stat_result) -> Iterator[Diagnosis]:
    if facts.st_mode & (stat.S_IROTH | stat.S_IXOTH | stat.S_IWOTH):
        yield diagnosis("home-open", folder=place)
    if facts.st_uid != os.geteuid():
        yield diagnosis("home-not-ours", folder=place, owner=_user(facts.st_uid), user=_user(os.geteuid()))
    elif not os.access(place, os.R_OK | os.W_OK | os.X_OK):
        yield diagnosis("home-not-writable", folder=place)
    else:
        yield from others_below(place, facts.st_uid)


def others_below(place: Path, owner: int) -> Iterator[Diagnosis]:
    """Whether the folder holds files of another user than its owner, such as of who runs a command as root."""
    found = [(path, user) for path, user in islice(_owners_below(place), _MOST) if user != owner]
    if found:
        file, user = found[0]
        yield diagnosis("home-holds-others", file=file, count=len(found), owner=_user(user))


def _owners_below(place: Path) -> Iterator[tuple[Path, int]]:
    for folder, folders, files in os.walk(place):
        folders[:] = [one for one in folders if one != "lost+found"]  # of the system
        for path in (Path(folder, name) for name in (*folders, *files)):
            with suppress(FileNotFoundError):  # gone in the meantime
                yield path, path.lstat().st_uid


def _key(place: Path) -> Iterator[Diagnosis]:
    path = place / "secret-key"
    try:
        if secret.chosen_keys():
            return
    except SettingsError:  # `site_settings` tells it
        return
    if not path.exists():
        if is_elsewhere() or (place / "instroom.sqlite3").exists():
            yield diagnosis("key-missing", file=path)
        return
    if path.stat().st_mode & _OTHERS:
        yield diagnosis("key-open", file=path)
    try:
        path.read_text(encoding="ascii")
    except (OSError, UnicodeError):
        yield diagnosis("key-unreadable", file=path)


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
