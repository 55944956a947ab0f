"""What is it, is it whole, is it safe? The content decides, never the name (product.md A1)."""

import hashlib
from pathlib import Path
from typing import Final

from instroom.core.findings import finding
from instroom.core.intake.content import Content, unknown
from instroom.core.intake.signatures import known_signature
from instroom.core.intake.text import look_at_text
from instroom.core.model import FileFacts, Finding, Limits

HEAD_BYTES: Final = 64 * 1024
_CHUNK_BYTES: Final = 1024 * 1024
_BLANK: Final = b" \t\r\n\v\f"
_BYTE_ORDER_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENDINGS: Final = frozenset("csv xlsx xml xls xlsm xlsb ods pdf html htm json zip".split())
"""The name endings that promise a content. Any other (txt, none) says nothing."""


def examine(path: Path, name: str, limits: Limits | None = None) -> tuple[FileFacts, list[Finding]]:
    """The facts of a file, and what is wrong with it as a whole; an error means: do not read any further.

    `name` is what the supplier calls the file. A file over `limits.file_bytes` is not read at all: its sha256 is "".
    Raises OSError where the file itself cannot be opened or read.
    """
    limits = limits or Limits()
    size = path.stat().st_size
    if size > limits.file_bytes:
        facts = {"bytes": size, "limit": limits.file_bytes}
        return FileFacts(name, None, size, ""), [finding("file-too-large", facts=facts)]
    sha256, blank = _digest(path)
    if blank:
        return FileFacts(name, None, size, sha256), [finding("file-empty")]
    content = _recognise(path, name, limits)
    return FileFacts(name, content.format, size, sha256), [*_mismatch(name, content), *content.findings]


def _digest(path: Path) -> tuple[str, bool]:
    """The SHA-256 in hexadecimals, and whether there is nothing but white space (after a byte order mark)."""
    digest, blank, first = hashlib.sha256(), True, True
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
            if blank:
                mark = next((mark for mark in _BYTE_ORDER_MARKS if first and chunk.startswith(mark)), b"")
                blank = not chunk[len(mark) :].strip(_BLANK)
            first = False
    return digest.hexdigest(), blank


def _recognise(path: Path, name: str, limits: Limits) -> Content:
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")) or b"PK\x03".startswith(head):
        from instroom.core.intake.archive import look_into_archive  # noqa: PLC0415 (zipfile is slow to load)

        return look_into_archive(path, head, limits)
    if head.startswith(_COMPOUND):
        from instroom.core.intake.compound import look_into_compound  # noqa: PLC0415 (rare)

        return look_into_compound(path)
    if signature := known_signature(head):
        return signature
    return look_at_text(head, ending(name)) or unknown("binary")


def ending(name: str) -> str:
    """The ending of a file name in lower case, without its dot; "" where there is none."""
    return name.rpartition(".")[2].strip().lower() if "." in name else ""


def _mismatch(name: str, content: Content) -> list[Finding]:
    says = ending(name)
    if content.format is None or says not in _ENDINGS or says == content.format:
        return []
    if any(fault.severity == "error" for fault in content.findings):
        return []  # one thing at a time: the error tells what the file is
    return [finding("file-format-mismatch", facts={"name_says": says, "content": content.format})]
