"""Files that begin with bytes of their own and are none of ours."""

from typing import Final

from instroom.core.findings import finding
from instroom.core.intake.content import Content, unknown

_SIGNATURES: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"MIME-Version:", "html"),  # a web archive, which older Excel writes
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"RIFF", "image"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"SQLite format 3\0", "sqlite"),
    (b"-----BEGIN PGP MESSAGE", "pgp"),
)
_BARE_BIFF: Final = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00\x00\x05")
"""Excel 2 to 5 without the compound file around it."""


def known_signature(head: bytes) -> Content | None:
    """What the first bytes give away, or None."""
    if head.startswith(_BARE_BIFF):
        return Content(None, (finding("file-legacy-excel"),))
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return unknown(kind)
    return None
