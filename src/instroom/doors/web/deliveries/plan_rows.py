"""A change of a plan as its table shows it: who, what changes, what it was and what it becomes."""

from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from instroom.core.fields import Kind
from instroom.core.layout.loader import Layout
from instroom.core.report.change_lines import ChangedValue, lines_of
from instroom.core.report.plan_text import field_label
from instroom.core.report.visible import visible
from instroom.core.wording.phrases import day
from instroom.doors.web.frame.language import current
from instroom.flow.queries.plan_page import PlanRow
from instroom.flow.queries.resemblances import RESEMBLES, Resemblance

_AS_ONE: Final = ("new", "removed")
"""Actions of which all values stand folded in one line."""


class ComparedField(NamedTuple):
    """What a new dossier and a stored one have in a field."""

    label: str
    new: str
    stored: str
    equal: bool


class ShownRow(NamedTuple):
    row: PlanRow
    lines: list[ChangedValue]
    as_one: bool
    badge: str
    """The action or the link that says most; "" where the lines say all."""
    why: str
    """Which row of the file changes the link."""
    warnings: list[str]
    """The codes of those that nothing else on the row says."""
    compared: list[ComparedField]
    """Beside the stored dossier that it resembles."""


def shown_row(row: PlanRow, layout: Layout, of_file: bool) -> ShownRow:
    """`of_file`: not of an undo, whose rows are no reason."""
    action, link = row.document["action"], (row.document["link"] or [""])[0]
    badge = action if action in _AS_ONE else link
    said = {"person-unlinked"} if badge == "unlinked" else set()
    said |= {RESEMBLES} if row.resembles else set()
    return ShownRow(
        row,
        lines_of(row.document, layout, current(), companies=row.companies),
        action in _AS_ONE,
        badge,
        _why(badge, row.document["row"]) if of_file else "",
        [code for code in row.warnings if code not in said],
        _compared(row.document["kind"], row.resembles, layout) if row.resembles else [],
    )


def _why(link: str, number: int | None) -> str:
    sentences = {"unlinked": _("no company on row %(n)s"), "relinked": _("on row %(n)s")}
    return sentences[link] % {"n": number} if link in sentences and number else ""


def _compared(kind: Kind, other: Resemblance, layout: Layout) -> list[ComparedField]:
    found = [
        ComparedField(
            field_label(kind, field, layout, current()), _shown(field, new), _shown(field, old), _equal(new, old)
        )
        for field, (new, old) in other.fields.items()
    ]
    if any(other.companies):
        new, stored = other.companies
        found.append(ComparedField(_("Company"), visible(new, 200), visible(stored, 200), _equal(new, stored)))
    return found


def _shown(field: str, value: str) -> str:
    return day(value) if field == "date_of_birth" else visible(value, 200)


def _equal(new: str, stored: str) -> bool:
    return new.casefold() == stored.casefold()
