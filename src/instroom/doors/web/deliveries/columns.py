"""A delivery by column, beside the last file that was imported: what jumps in words, and the counts of each field."""

from typing import NamedTuple

from instroom.core.fields import Kind
from instroom.core.layout.loader import Layout
from instroom.core.plan.columns import FieldCounts
from instroom.core.report.columns_text import jump_text
from instroom.core.report.plan_text import field_label
from instroom.doors.web.frame.language import current
from instroom.flow.delivery_columns import columns_of, fields_of
from instroom.store.models import Plan


class ColumnLine(NamedTuple):
    """A field as the table shows it."""

    label: str
    now: FieldCounts
    before: FieldCounts
    jumps: bool


class ColumnsShown(NamedTuple):
    """What the pages show of the columns of a file."""

    jumps: list[str]
    kinds: list[tuple[Kind, int, list[ColumnLine]]]
    """The kind, how many dossiers of it the file names, and its fields."""
    compared: bool
    """There is a file before it."""


def columns_shown(plan: Plan | None, layout: Layout) -> ColumnsShown | None:
    """Of a plan against live; None where there is none, or none of a file."""
    found, lang = columns_of(plan), current()
    if found is None:
        return None
    jumping = {(jump.kind, jump.field) for jump in found.jumps}
    kinds: list[tuple[Kind, int, list[ColumnLine]]] = []
    for kind, counts in found.now.items():
        lines = [
            ColumnLine(field_label(kind, name, layout, lang), now, before, (kind, name) in jumping)
            for name, now, before in fields_of(found, kind)
        ]
        if counts.dossiers:
            kinds.append((kind, counts.dossiers, lines))
    return ColumnsShown([jump_text(jump._asdict(), layout, lang) for jump in found.jumps], kinds, bool(found.before))
