"""What lies in a watched folder, and what of it may be taken."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, NamedTuple

from instroom.flow.file_server.take_in import LONGEST_NAME, is_delivery, legible
from instroom.store.files.dropped_files import Stamp, stamp_of

MARKERS: Final = (".ok", ".done")
"""How the names end of files that say of another that it is complete: `personen.csv.ok`."""
_AFTER_TROUBLE: Final = 10.0  # seconds

Say = Callable[[str, str], None]
"""Tells of a file why it is left alone."""


class Dropped(NamedTuple):
    """A file that may be taken once it is complete."""

    path: Path
    name: str
    """As people read it."""
    stamp: Stamp
    marker: Path | None = None
    """What says that it is complete; taken away with it."""


class Looking(NamedTuple):
    """By what is looked."""

    most: int
    """How large a file may be, in bytes."""
    with_marker: bool
    """A file is complete when its marker says so."""

    def into(self, folder: Path, say: Say) -> list[Dropped]:
        """What may be taken of a folder, markers regarded. Names of what is not finished, of our own answers and of
        markers are passed over in silence. Raises OSError where the folder cannot be read."""
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries]
        seen = (self._seen(folder / name, say) for name in names if is_delivery(legible(os.fsencode(name))))
        found = [one for one in seen if one]
        return [one for one in (_marked(one, say) for one in found) if one] if self.with_marker else found

    def _seen(self, path: Path, say: Say) -> Dropped | None:
        name = legible(os.fsencode(path.name))
        try:
            stamp = stamp_of(path)
        except FileNotFoundError:  # it went while we looked
            return None
        except OSError as error:
            say(name, str(error.strerror))
            return None
        if why := self._why_not(name, stamp):
            say(name, why)
            return None
        return Dropped(path, name, stamp) if stamp else None

    def _why_not(self, name: str, stamp: Stamp | None) -> str:
        if any(ord(one) < 32 or ord(one) == 127 for one in name):
            return "its name has control characters"
        if len(name.encode()) > LONGEST_NAME:
            return f"its name is longer than {LONGEST_NAME} bytes"
        if stamp is None:
            return "it is no plain file"
        return f"it is larger than {self.most} bytes" if stamp.size > self.most else ""


def _marked(one: Dropped, say: Say) -> Dropped | None:
    """With its marker, if it has one. A marker of before the file speaks of another file, that had its name then."""
    for suffix in MARKERS:
        marker = one.path.with_name(one.path.name + suffix)
        try:
            found = stamp_of(marker)
        except OSError:  # there is none
            continue
        if found and found.changed >= one.stamp.changed:
            return one._replace(marker=marker)
        say(one.name, f"its {suffix} is older than the file itself, or no plain file")
    return None


class Settling:
    """Which files have been as they are for long enough."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._due: dict[Path, tuple[Stamp, float]] = {}

    def settled(self, found: Iterable[Dropped], now: float) -> list[Dropped]:
        """Those that have, in the order in which they came. `now` in seconds, of a clock that is never set."""
        found = list(found)
        self._due = {one.path: self._due_of(one, now) for one in found}
        ready = (one for one in found if self._due[one.path][1] <= now)
        return sorted(ready, key=lambda one: (one.stamp.changed, one.name))

    def put_off(self, one: Dropped, now: float) -> None:
        """It could not be taken: again in a while."""
        self._due[one.path] = (one.stamp, now + max(self._seconds, _AFTER_TROUBLE))

    def _due_of(self, one: Dropped, now: float) -> tuple[Stamp, float]:
        before = self._due.get(one.path)
        return before if before and before[0] == one.stamp else (one.stamp, now + self._seconds)
