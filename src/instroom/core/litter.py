"""Files that systems and office programs put beside people's own: nobody means to deliver them."""

from typing import Final

from instroom.core.keys import file_key

_NAMES: Final = frozenset(
    "thumbs.db ehthumbs.db ehthumbs_vista.db desktop.ini $recycle.bin .ds_store .localized .apdisk __macosx"
    " .spotlight-v100 .trashes .fseventsd .directory".split()
)
_BEFORE: Final = ("._", "~$", ".~lock.", ".nfs0", ".fuse_hidden")


def is_litter(name: str) -> bool:
    """Whether a program made the file of this name for itself, as Thumbs.db."""
    plain = file_key(name)
    return plain in _NAMES or plain.startswith(_BEFORE)
