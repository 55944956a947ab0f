"""Which encoding a CSV file has when it is not UTF-8: an educated guess, for the message only."""

from typing import Final

from instroom.core.findings import finding
from instroom.core.model import Finding
from instroom.core.read.csv_lines import BadLine

_CANDIDATES: Final = (("windows-1252", "cp1252"), ("mac-roman", "mac_roman"), ("dos-850", "cp850"))
_EXPECTED: Final = frozenset("éëèêïíöóòôüúûáàâäçñßÉËÈÏÖÜ’‘“”–€ø")
"""What Dutch and its neighbours' names and addresses hold beyond ASCII."""


def encoding_fault(bad: BadLine) -> Finding:
    """Bytes that are not UTF-8; where they are the beginning of a character at the very end, the file was cut off."""
    if bad.other_non_ascii and _is_cut_off(bad.raw):
        return finding("file-damaged", facts={"problem": "cut-off"})
    return finding("csv-encoding", facts={"looks_like": likely_encoding(bad.raw), "first_row": bad.row})


def _is_cut_off(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and error.end == len(raw)
    return False


def likely_encoding(raw: bytes) -> str:
    """The candidate in which most of the bytes beyond ASCII become what one expects; the first where equal."""
    beyond = bytes(byte for byte in raw if byte >= 0x80)
    likeness = [sum(char in _EXPECTED for char in beyond.decode(codec, "replace")) for _, codec in _CANDIDATES]
    return _CANDIDATES[likeness.index(max(likeness))][0]
