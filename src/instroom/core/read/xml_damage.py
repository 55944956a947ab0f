"""What is wrong with XML that is not well-formed: the cause, the place, and what should have been written."""

import html
import re
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from instroom.core.read.csv_encoding import likely_encoding
from instroom.core.read.xml_encoding import XmlEncoding

_AROUND_BYTES: Final = 400
_CUT_OFF: Final = frozenset({3, 5, 6, 20})  # expat: no element found, unclosed token, partial character, open CDATA
_INVALID_TOKEN: Final = 4
_DETAILS: Final = {
    2: "before-root",
    7: "mismatch",
    8: "attribute-twice",
    9: "after-end",
    11: "entity",
    14: "character-number",
    17: "declaration-place",
    27: "prefix",
    30: "declaration",
}
"""expat's error code → what the sentence is about."""
_AMPERSAND = re.compile(r"&[^;<&\s]{0,60}\Z")
_ENTITY = re.compile(r"&([A-Za-z_][\w.-]{0,40});")
_OWN_ENTITIES: Final = frozenset(("amp", "lt", "gt", "quot", "apos"))
_NUMBER = re.compile(r"&#[xX]?[0-9A-Fa-f]{0,10};?")
_NAME = re.compile(r"</?\s*([^\s<>/=]{1,100})")
_LESS_THAN = re.compile(r"<[^<>]{0,100}\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def damage(path: Path, error: expat.ExpatError, at: int, encoding: XmlEncoding) -> dict[str, Any]:
    """The facts of `file-damaged`. `at`: where in the document, in bytes behind `encoding.start`."""
    place = {"line": error.lineno + encoding.lines_above, "character": error.offset + 1}
    if error.code in _CUT_OFF:
        return {"problem": "cut-off", **place}
    before, behind = _around(path, max(at, 0) + encoding.start)
    if error.code == _INVALID_TOKEN and (found := _other_encoding(before, behind, encoding)):
        return {"problem": "encoding", **found, **place}
    detail = _details(error.code, before.decode(encoding.codec, "replace"), behind.decode(encoding.codec, "replace"))
    return {"problem": "not-well-formed", **detail, **place}


def _around(path: Path, at: int) -> tuple[bytes, bytes]:
    """Bytes before and behind the place; an even number, since two may be one character."""
    start = max(0, at - _AROUND_BYTES)
    with path.open("rb") as stream:
        stream.seek(start)
        return stream.read(at - start), stream.read(_AROUND_BYTES)


def _other_encoding(before: bytes, behind: bytes, encoding: XmlEncoding) -> dict[str, Any] | None:
    """What to say where the bytes here are of another encoding; None where they are not."""
    if behind[:1] < b"\x80" or encoding.codec not in ("utf-8", "us-ascii"):
        return None
    try:
        behind[:4].decode()
    except UnicodeDecodeError as fault:
        valid = fault.start > 0
    else:
        valid = True
    if valid and encoding.codec == "utf-8":
        return None
    return {"declared": encoding.declared, "looks_like": "utf-8" if valid else likely_encoding(before + behind)}


def _details(code: int, before: str, behind: str) -> dict[str, Any]:
    if code == _INVALID_TOKEN:
        return _invalid_token(before, behind)
    detail = _DETAILS.get(code)
    if detail == "entity":
        return _entity(behind)
    if detail == "character-number" and (number := _NUMBER.search(behind)):
        return {"detail": detail, "found": number.group()}
    if detail == "mismatch" and (name := re.match(r"[^\s<>/]{1,100}", behind)):
        return {"detail": detail, "element": name.group()}
    if detail == "prefix" and (name := _NAME.search(behind)):
        return {"detail": detail, "element": name[1]}
    if detail == "after-end" and behind.lstrip().startswith(("<?xml", "<Instroom")):
        return {"detail": "joined"}
    return {"detail": detail} if detail else {}


def _entity(behind: str) -> dict[str, Any]:
    for name in _ENTITY.findall(behind):
        if name not in _OWN_ENTITIES:
            character = html.unescape(f"&{name};")
            known = len(character) == 1
            return {"detail": "entity", "entity": f"&{name};", "instead": f"&#{ord(character)};" if known else None}
    return {"detail": "entity"}


def _invalid_token(before: str, behind: str) -> dict[str, Any]:
    if control := _CONTROL.match(behind):
        return {"detail": "control", "codepoint": f"U+{ord(control.group()):04X}"}
    if _AMPERSAND.search(before) or _AMPERSAND.search(before + behind[:1]):
        return {"detail": "ampersand"}
    if before.endswith("=") and behind[:1] not in "\"'":
        return {"detail": "attribute-quotes"}
    if _LESS_THAN.search(before) or behind.startswith("<"):
        return {"detail": "less-than"}
    return {}
