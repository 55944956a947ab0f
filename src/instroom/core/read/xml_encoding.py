"""In which character encoding an XML file is, by its bytes and by what it says itself.

Programs write names of encodings in many ways; each name is read that has one meaning. Where bytes and name contradict
each other nothing is read, since one of them would turn names of people into others.
"""

import codecs
import re
from pathlib import Path
from typing import Any, Final, NamedTuple

HEAD_BYTES: Final = 4096
"""An XML declaration stands at the very beginning."""
_BLANK: Final = "\ufeff \t\r\n"
_DECLARED = re.compile(r"<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([^\"'>]{1,60})[\"']")
_CHUNK_BYTES: Final = 256 * 1024

_NAMES: Final[dict[str, str]] = {
    **dict.fromkeys(("utf8", "utf8bom", "utf8sig", "utf8n", "xutf8", "cp65001"), "utf-8"),
    **dict.fromkeys(("utf16", "utf16le", "utf16be", "ucs2", "iso10646ucs2", "unicode", "cp1200", "xutf16"), "utf-16"),
    **dict.fromkeys(("ascii", "usascii", "us", "iso646us", "ansix341968", "cp367"), "us-ascii"),
    **{f"iso8859{part}": f"iso8859_{part}" for part in (*range(1, 12), *range(13, 17))},
    **dict.fromkeys(("latin1", "l1", "isolatin1", "iso8859", "iso885911987", "cp819", "ibm819"), "iso8859_1"),
    **dict.fromkeys(("latin2", "l2"), "iso8859_2"),
    **dict.fromkeys(("latin9", "latin0", "l9"), "iso8859_15"),
    **{f"{name}125{part}": f"cp125{part}" for name in ("windows", "cp", "win", "xcp", "ms") for part in range(9)},
    **dict.fromkeys(("ansi", "xansi", "windowsansi"), "cp1252"),
    **{f"{name}{page}": f"cp{page}" for name in ("cp", "ibm", "dos") for page in (437, 850, 858)},
    **dict.fromkeys(("macintosh", "macroman", "mac", "xmacroman"), "mac_roman"),
}
"""A name in small letters and digits alone → what it means; beyond UTF and ASCII, the name of a Python codec."""
_EXPAT: Final = {"utf-16-le": "UTF-16LE", "utf-16-be": "UTF-16BE", "iso8859_1": "ISO-8859-1"}
_WIDE: Final = "utf-16"
_ASCII_ALIKE: Final = ("utf-8", "us-ascii")


class XmlEncoding(NamedTuple):
    """What there is to know before the first element."""

    start: int
    """Bytes before the document: a byte order mark, blank lines."""
    lines_above: int
    codec: str
    """As Python names it."""
    declared: str | None
    """As the file writes it."""
    fault: dict[str, Any] | None
    """The facts of the finding `file-damaged`."""

    @property
    def expat_name(self) -> str:
        """Some encodings expat knows itself, by another name; of the others it asks Python what each byte means."""
        return _EXPAT.get(self.codec, self.codec)


def look_at_encoding(path: Path) -> XmlEncoding:
    """Which encoding to read the file in, and whether that is certain."""
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    stored, marked = _stored(head)
    text = head.decode(stored, "replace")
    before = text[: len(text) - len(text.lstrip(_BLANK))]
    match = _DECLARED.match(text, len(before))
    declared = match[1] if match else None
    codec, fault = stored, None
    if declared is not None:
        meant = _NAMES.get(re.sub("[^a-z0-9]", "", declared.lower()))
        line = before.count("\n") + 1
        if meant is None:
            fault = {"problem": "encoding", "detail": "unknown", "declared": declared, "line": line}
        elif found := _contradiction(path, head, stored, meant, marked=marked):
            fault = {"problem": "encoding", "detail": "differs", "declared": declared, "found": found, "line": line}
        elif meant != _WIDE:
            codec = meant
    return XmlEncoding(len(before.encode(stored)), before.count("\n"), codec, declared, fault)


def _stored(head: bytes) -> tuple[str, bool]:
    """The family of the encoding by the bytes, and whether a byte order mark says so."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16-le" if head[0] == 0xFF else "utf-16-be"), True
    if b"\0" in head[:4]:
        return ("utf-16-le" if head[1:2] == b"\0" else "utf-16-be"), False
    return "utf-8", head.startswith(codecs.BOM_UTF8)


def _contradiction(path: Path, head: bytes, stored: str, meant: str, *, marked: bool) -> str | None:
    """The name of the encoding that the file has instead of the one that it says, where that is sure."""
    if stored.startswith(_WIDE):
        return None if meant == _WIDE else "UTF-16"
    if meant in _ASCII_ALIKE:
        return None
    if meant == _WIDE:
        return "UTF-8" if _is_utf_8(path) is not False else "windows-1252"
    return "UTF-8" if marked or _is_utf_8(path) else None


def _is_utf_8(path: Path) -> bool | None:
    """Whether the file is UTF-8; None where all of it is ASCII, so that nobody can tell."""
    decoder, ascii_only = codecs.getincrementaldecoder("utf-8")(), True
    with path.open("rb") as stream:
        try:
            while chunk := stream.read(_CHUNK_BYTES):
                ascii_only = ascii_only and chunk.isascii()
                decoder.decode(chunk)
        except UnicodeDecodeError:
            return False
    return None if ascii_only else True
