"""Names of categories and free fields (B8): they become part of the administration, so they stay short and plain."""

import re

from instroom.core.check.faults import Fault, Judgement

_RESERVED = frozenset(":;")
_DEFINITION = re.compile(r"[A-Za-z0-9]+")
_START = "Vrijveld"

_NO_CATEGORY = Fault("category-name", {"problem": "characters"})
_NO_START = Fault("free-field-definition", {"problem": "start"})
_NO_DEFINITION = Fault("free-field-definition", {"problem": "characters"})


def judge_category(text: str, _context: str) -> Judgement:
    """The name of a category or a category group, if it holds no colon or semicolon."""
    return _NO_CATEGORY if _RESERVED.intersection(text) else text


def judge_definition(text: str, _context: str) -> Judgement:
    """The code of a free field: Vrijveld first, then letters and digits."""
    if not text.startswith(_START):
        return _NO_START
    return text if _DEFINITION.fullmatch(text) else _NO_DEFINITION
