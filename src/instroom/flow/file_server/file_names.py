"""What a file's name says at the file server and in a watched folder (product.md F3): whether it is final, and whether
the file can be a delivery."""

import re
from typing import Final

from instroom.core.keys import file_key
from instroom.core.litter import is_litter
from instroom.flow import find
from instroom.store.models import FileAccount

ANSWERS: Final = (".rapport.xlsx", ".rapport.json")
"""Suffixes of our answers (product.md F4)."""
LONGEST_NAME: Final = 240  # bytes: our answer's is longer

_BEFORE: Final = (".", "~", "tmp.", "temp.", "#")
_AFTER: Final = (
    *(".part", ".partial", ".filepart", ".tmp", ".temp", ".upload", ".uploading", ".crdownload", ".incomplete"),
    *(".inprogress", ".writing", ".pending", ".unfinished", ".lftp", ".lock", ".swp", ".bak", "~"),
)
"""Prefixes and suffixes of unfinished files. No such list is complete: other names that no connection has wait for a
rename too."""

_MARKERS: Final = (".ok", ".done", ".ready", ".sha256", ".sha1", ".md5")
"""Suffixes of files that announce another file."""

_ENDING: Final = re.compile(r"[^_].*\.(?:csv|txt|tsv|xlsx?|xlsm|xlsb|ods|xml|json|zip)", re.DOTALL)
"""Names that are final where no connection says what the final name is."""


def is_answer(name: str) -> bool:
    """Whether a file of this name is one of our answers."""
    return file_key(name).endswith(ANSWERS)


def is_delivery(name: str) -> bool:
    """Whether a complete file of this name can be a delivery: no unfinished file, marker, litter or answer."""
    plain = file_key(name)
    return not (plain.endswith(_MARKERS) or plain.endswith(ANSWERS) or is_unfinished(name) or is_litter(name))


def is_unfinished(name: str) -> bool:
    """Whether a program says by the name that it has not finished, or that it is a copy of something older."""
    plain = file_key(name)
    return (plain.startswith(_BEFORE) or plain.endswith(_AFTER)) and not is_litter(name)


def is_final(name: str, account: FileAccount, folder: str = "") -> bool:
    """Whether the account delivers under this name in this folder, "" for its own. Another name may still change.

    If the account has connections, their names are final; otherwise all names with a known extension are.
    """
    if not is_delivery(name):
        return False
    if account.connections.exists():
        return find.connection_with_file(account, name, folder) is not None
    return _ENDING.fullmatch(file_key(name)) is not None


def legible(raw: bytes) -> str:
    """A name in UTF-8 (RFC 2640), or in what Windows had before it."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
