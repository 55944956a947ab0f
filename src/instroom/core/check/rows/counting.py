"""A source that counts up over the rows: somebody dragged it down, and the spreadsheet made a series of it."""

import re
from collections.abc import Sequence

from instroom.core.check.sheet import Sheet
from instroom.core.layout.loader import Block

_NUMBERED = re.compile(r"(.*?)([0-9]{1,9})([^0-9]*)", re.DOTALL)
_LEAST = 3  # sources; two are no series


def source_counts(sheet: Sheet, block: Block) -> bool:
    """Whether the source of a block counts up, which is reported (source-counts).

    That is: at least three sources that differ in a number alone, one more (or less) on each next row, over most of the
    records.
    """
    column = block.extern_source
    if not sheet.has(column):
        return False
    if len(set(sheet.texts[column.index])) < _LEAST:
        return False
    filled = [(record, text) for record, text in enumerate(sheet.texts[column.index]) if text]
    for step in (1, -1):
        counted = _steps([text for _, text in filled], step)
        if len(counted) >= _LEAST - 1 and len(counted) * 2 >= len(filled) - 1:
            start, end = filled[counted[0] - 1], filled[counted[-1]]
            record, text = filled[counted[0]]
            facts = {"first": start[1], "last": end[1], "count": len({filled[at][1] for at in counted}) + 1}
            sheet.report("source-counts", record, column.label, text, (start[0],), facts)
            return True
    return False


def _steps(sources: Sequence[str], step: int) -> list[int]:
    """The places where a source is the one before it with a number that is `step` more."""
    known = {source: match.groups() for source in set(sources) if (match := _NUMBERED.fullmatch(source))}
    found = []
    for at in range(1, len(sources)):
        before, now = known.get(sources[at - 1]), known.get(sources[at])
        if before and now and int(now[1]) - int(before[1]) == step and (before[0], before[2]) == (now[0], now[2]):
            found.append(at)
    return found
