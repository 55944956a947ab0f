"""Text: CSV, XML, or text of another kind."""

import re
from typing import Final

from instroom.core.findings import finding
from instroom.core.intake.content import Content, unknown

_PROLOG = r"(?>(?:\s+|<\?.*?\?>|<!--.*?-->)*)"  # atomic: no two ways to read the same prolog
_HTML = re.compile(
    _PROLOG + r"<(?:!doctype\s+html|html|head|body|table|meta|style|script|title|div|center|br|b|p)\b", re.I | re.S
)
_SPREADSHEETML = re.compile(_PROLOG + r"<(?:\w+:)?Workbook\b", re.S)
_JSON = re.compile(r'\{\s*(?:"|\}|\Z)|\[\s*(?:[\[{"\d\]]|\Z)')
_CONTROLS: Final = bytes({*range(32), 127} - set(b"\t\r\n\v\f\x1a\x1b"))
_BLANK: Final = "\ufeff \t\r\n\v\f\u00a0"


def look_at_text(head: bytes, ending: str) -> Content | None:
    """What a file is by the text that it begins with; None where that is no text.

    `ending` tells a web page that calls itself a workbook from another web page.
    """
    encoding = _encoding(head)
    text = head.decode(encoding, "replace").lstrip(_BLANK)
    if text.startswith("<") and not encoding.startswith("utf-32"):
        return _markup(text, ending)
    if encoding != "utf-8":
        looks_like = encoding[:6]  # without the order of the bytes
        return Content("csv", (finding("csv-encoding", facts={"looks_like": looks_like, "first_row": 1}),))
    if _JSON.match(text):
        return unknown("json")
    return None if _is_binary(head) else Content("csv")


def _markup(text: str, ending: str) -> Content:
    if _HTML.match(text):
        return unknown("xls-html" if ending in ("xls", "xlsx") else "html")
    if _SPREADSHEETML.match(text):
        return unknown("xml-spreadsheet")
    return Content("xml")


def _encoding(head: bytes) -> str:
    """UTF-8 unless a byte order mark or the pattern of zero bytes says otherwise."""
    if head.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32-le" if head[0] else "utf-32-be"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16-le" if head[0] == 0xFF else "utf-16-be"
    pairs = len(head) // 2
    even, odd = head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    if pairs and min(even, odd) * 10 < pairs and max(even, odd) * 10 >= pairs * 4:
        return "utf-16-le" if odd > even else "utf-16-be"
    return "utf-8"


def _is_binary(head: bytes) -> bool:
    """More control characters than a stray one in a cell, which is a finding of its own. Zero bytes behind the text are
    one too."""
    text = head.rstrip(b"\0")
    controls = len(text) - len(text.translate(None, _CONTROLS))
    return not text or controls > max(8, len(text) // 50)
