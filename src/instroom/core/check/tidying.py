"""Spaces around values, line breaks and control characters."""

import re
from collections.abc import Sequence
from functools import lru_cache

from instroom.core.check.faults import Fault
from instroom.core.check.sheet import Sheet
from instroom.core.keys import SPACES, trim
from instroom.core.layout.loader import Column

_BREAKS = "\u2028\u2029"  # line breaks too, in most programs that show text
_BROKEN = "\ud800-\udfff\ufffe\uffff"  # halves of characters and what can be no character: XML refuses them as well
_CONTROL = re.compile(f"[\x00-\x1f\x7f-\x9f{_BREAKS}{_BROKEN}]")
_CONTROL_BUT_BREAK = re.compile(f"[\x00-\x09\x0b-\x1f\x7f-\x9f{_BROKEN}]")
_SPACED = Fault("value-whitespace")
_BREAK = re.compile(f"\r\n?|[{_BREAKS}]")


def is_tidy(joined: str) -> bool:
    """Whether values joined by | hold neither control characters nor spaces around them; quick, and sure when true."""
    if not joined.isprintable():  # also false for every space but the common one
        return False
    return not (" |" in joined or "| " in joined or joined.startswith(" ") or joined.endswith(" "))


def trimmed(sheet: Sheet, column: Column, raw: Sequence[str], values: set[str]) -> list[str]:
    """The column's texts without the spaces around them, which are reported, and with \\n for each line break."""
    spaced = {value: trim(value) for value in values if value[0] in SPACES or value[-1] in SPACES}
    if spaced:
        sheet.report_faults(column, dict.fromkeys(spaced, _SPACED), raw, raw, set())
    tidy = dict(spaced)
    if column.type == "multiline":
        tidy.update({value: _BREAK.sub("\n", spaced.get(value, value)) for value in values})
    return [tidy.get(text, text) for text in raw]


def control_characters(column: Column, values: set[str]) -> dict[str, Fault]:
    """The values with a control character inside, other than a line break in a multi-line column."""
    pattern = _CONTROL_BUT_BREAK if column.type == "multiline" else _CONTROL
    found = ((value, pattern.search(value)) for value in values)
    return {value: _control_fault(match.group(), match.start() + 1) for value, match in found if match}


@lru_cache(maxsize=1024)  # a file full of them shares the facts
def _control_fault(character: str, position: int) -> Fault:
    return Fault("value-control-character", {"codepoint": f"U+{ord(character):04X}", "position": position})
