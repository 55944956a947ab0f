"""Takes a dropped file from its folder and turns it into one delivery, even if a process is killed on the way.

First a copy goes to a hand-over of our own, with a note of what it is of. Then the file is put aside by a rename in its
folder: of several who try, one succeeds. Up to there it is as if nobody had looked. From there on the note knows what
is left to do: the delivery, under the id that it has already, and then what was put aside is removed.
"""

import secrets
from contextlib import suppress
from pathlib import Path

from instroom.flow.file_server.folder_scan import Dropped
from instroom.flow.file_server.take_in import deliver, facts_of, is_known
from instroom.store import data_keys
from instroom.store.files import dropped_files, uploads
from instroom.store.files.dropped_files import Stamp
from instroom.store.models import Delivery, FileAccount


def take_away(base: Path, one: Dropped, account: FileAccount) -> Delivery | None:
    """Take a file; None if it is gone. `base` holds the hand-over.

    Raises StillChanging if somebody is writing to it, OSError, and what `receive` raises.
    """
    aside = one.path.with_name(f"{dropped_files.ASIDE_PREFIX}{secrets.token_hex(16)}")
    facts = {**facts_of(account.pk.hex, one.name), "watched": True, "source": str(one.path), "aside": str(aside)}
    facts["stamp"] = one.stamp
    key = data_keys.current(account.customer_id)
    begun = uploads.hand_over(base, lambda own: dropped_files.copy(one.path, one.stamp, own, key), facts)
    try:
        with suppress(FileNotFoundError):  # another process was first
            dropped_files.put_aside(one.path, aside)
    except OSError:
        finish(begun)
        raise
    delivery = finish(begun)
    if delivery and one.marker:
        one.marker.unlink(missing_ok=True)
    return delivery


def finish(begun: uploads.WaitingFile) -> Delivery | None:
    """Complete the remaining steps of a copied file. Can be repeated at any time. Raises as `take_away`."""
    aside, seen = Path(begun.facts["aside"]), Stamp(*begun.facts["stamp"])
    delivery = None
    if not is_known(begun):
        if not dropped_files.is_aside(aside, seen):
            dropped_files.put_back(aside, Path(begun.facts["source"]))
            begun.done()
            return None
        delivery = deliver(begun)
    aside.unlink(missing_ok=True)
    begun.done()
    return delivery
