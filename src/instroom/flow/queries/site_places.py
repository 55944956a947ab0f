"""What monitoring asks of the disks of this node: room, uploads that are not deliveries yet, and the file server's
certificate."""

import time
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from instroom.config import file_server
from instroom.core.errors import SettingsError
from instroom.flow.file_server.certificate import certificate_in, chosen_certificate
from instroom.store.files import disk
from instroom.store.files.uploads import handed_over_at


class SitePlaces(NamedTuple):
    free: dict[str, int]
    """Bytes that are free on the disk of `home`, of the `files` where they are in a folder, and of the `uploads`; those
    that are not there are left out."""
    uploads: int
    """Complete, and no deliveries yet."""
    oldest_upload: float
    """Seconds; 0 where there is none."""
    certificate_seconds: float | None
    """Until the file server's certificate ends; None where this node has none that can be read."""


def site_places() -> SitePlaces:
    """As far as they can be seen from this node."""
    base = file_server.folder()
    ages = _ages(base)
    return SitePlaces(_free(base), len(ages), max(ages, default=0.0), _certificate_seconds(base))


def _free(base: Path) -> dict[str, int]:
    home = Path(settings.INSTROOM_HOME)
    files = settings.INSTROOM_FILES or home / "files"
    places = {"home": home, "uploads": base} | ({"files": files} if isinstance(files, Path) else {})
    found = dict[str, int]()
    for name, place in places.items():
        try:
            found[name] = disk.free(place)
        except OSError:  # not on this node
            continue
    return found


def _ages(base: Path) -> list[float]:
    now = time.time()
    return [max(now - at, 0.0) for at in handed_over_at(base)]


def _certificate_seconds(base: Path) -> float | None:
    try:
        used = chosen_certificate(file_server.file_server()) or certificate_in(base)
        return (used.ends() - timezone.now()).total_seconds()
    except (OSError, ValueError, SettingsError):
        return None
