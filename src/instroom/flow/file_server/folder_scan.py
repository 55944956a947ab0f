"""Scans a watched folder for files that may be taken, and tracks which of them have stopped changing."""

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from instroom.core.keys import file_key
from instroom.flow.file_server.file_names import LONGEST_NAME, is_delivery, is_unfinished, legible
from instroom.flow.file_server.upload_names import RENAME_WITHIN
from instroom.store.files.dropped_files import OWN_PREFIX, Stamp, stamp_of

MARKERS: Final = (".ok", ".done")
"""Suffixes of marker files: `personen.csv.ok` says that `personen.csv` is complete."""
_RETRY_AFTER: Final = 10.0  # seconds
_UNFINISHED_FOR: Final = 3600.0  # seconds

Report = Callable[[str, str], None]
"""Takes the name of a file that is left alone, and the reason."""


class Dropped(NamedTuple):
    """A file that may be taken once it is complete."""

    path: Path
    name: str
    """Decoded for people to read."""
    stamp: Stamp
    marker: Path | None = None
    """The file that says it is complete; deleted with it."""


class FolderScan(NamedTuple):
    most: int
    """The largest file that may be taken, in bytes."""
    with_marker: bool
    """A file is complete when its marker says so."""

    def run(self, folder: Path, report: Report) -> list[Dropped]:
        """The files of a folder that may be taken. Our own answers, markers, and what systems put there are skipped
        without a report, and so are unfinished uploads at first. Raises OSError if the folder cannot be read."""
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries]
        for name in names:
            if is_unfinished(_legible(name)):
                _report_left(folder / name, report)
        seen = (self._seen(folder / name, report) for name in names if is_delivery(_legible(name)))
        found = [one for one in seen if one]
        if not self.with_marker:
            return found
        markers = _markers(names)
        return [one for one in (_marked(one, markers, report) for one in found) if one]

    def _seen(self, path: Path, report: Report) -> Dropped | None:
        name = _legible(path.name)
        try:
            stamp = stamp_of(path)
        except FileNotFoundError:  # deleted since the folder was listed
            return None
        except OSError as error:
            report(name, str(error.strerror))
            return None
        if why := self._why_not(name, stamp):
            report(name, why)
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


def _report_left(path: Path, report: Report) -> None:
    """An unfinished file that nobody has touched for an hour is seen by somebody."""
    try:
        stamp = stamp_of(path)
    except OSError:
        return
    if stamp and not path.name.startswith(OWN_PREFIX) and time.time() - stamp.changed / 1e9 > _UNFINISHED_FOR:
        report(_legible(path.name), "it has had the name of an unfinished file for over an hour")


def _legible(name: str) -> str:
    return legible(os.fsencode(name))


def _markers(names: Iterable[str]) -> dict[str, list[str]]:
    """The markers in a folder, by the key of the file that they announce."""
    found = dict[str, list[str]]()
    for name in names:
        for suffix in MARKERS:
            if (key := file_key(_legible(name))).endswith(suffix):
                found.setdefault(file_key(key.removesuffix(suffix)), []).append(name)
    return found


def _marked(one: Dropped, markers: Mapping[str, Sequence[str]], report: Report) -> Dropped | None:
    """The file with its marker, if it has one. An older marker belongs to an earlier file of the same name."""
    for name in sorted(markers.get(file_key(one.name), ())):
        marker = one.path.with_name(name)
        try:
            found = stamp_of(marker)
        except OSError:  # there is none
            continue
        if found and found.changed >= one.stamp.changed:
            return one._replace(marker=marker)
        report(one.name, f"its {marker.suffix} is older than the file itself, or no plain file")
    return None


class StabilityTracker:
    """Tells which files have not changed for long enough."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._due: dict[Path, tuple[Stamp, float]] = {}

    def settled(
        self, found: Iterable[Dropped], now: float, is_final: Callable[[Dropped], bool] = lambda one: True
    ) -> list[Dropped]:
        """The stable ones, the oldest first. `now` is in seconds, of a monotonic clock. A name that is not final may
        still change: it has to stay for longer."""
        found = list(found)
        self._due = {one.path: self._due_of(one, now, is_final) for one in found}
        ready = (one for one in found if self._due[one.path][1] <= now)
        return sorted(ready, key=lambda one: (one.stamp.changed, one.name))

    def retry_later(self, one: Dropped, now: float) -> None:
        """The file could not be taken: wait before the next attempt."""
        self._due[one.path] = (one.stamp, now + max(self._seconds, _RETRY_AFTER))

    def _due_of(self, one: Dropped, now: float, is_final: Callable[[Dropped], bool]) -> tuple[Stamp, float]:
        before = self._due.get(one.path)
        if before and before[0] == one.stamp:
            return before
        waits = 0.0 if not self._seconds or is_final(one) else RENAME_WITHIN.total_seconds()
        return one.stamp, now + self._seconds + waits
