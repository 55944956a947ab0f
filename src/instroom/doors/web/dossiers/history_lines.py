"""The history of a dossier in words: what happened to it, and why (product.md D9)."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from instroom.core.layout.standard import standard
from instroom.core.report.change_lines import ChangedValue, company_text, lines_of
from instroom.doors.web.frame.language import current
from instroom.doors.web.words.filters import delivery_title, outcome_of
from instroom.flow.queries.history import LedgerEntry
from instroom.store.models import Delivery, Plan

_MOST_NAMED: Final = 3  # fields


class HistoryLine(NamedTuple):
    """What one import did to the dossier."""

    entry: LedgerEntry
    title: str
    reason: SafeString
    """Where the file says it, with a link to its delivery."""
    lines: list[ChangedValue]
    change: str
    """The address of the change in the plan; "" where the dossier is not in live."""
    restore: str
    """The address that restores the dossier alone; "" where that cannot be."""


def history_lines(
    entries: Iterable[LedgerEntry], customer: str, live: str, restorable: bool = False
) -> Iterator[HistoryLine]:
    """`live` is the id of the dossier in live, or "". `restorable`: it is the dossier of the page, and whoever reads
    it may undo."""
    for entry in entries:
        stands = entry.plan.state == Plan.IMPORTED and not entry.plan.values_removed_at
        lines = lines_of(entry.change, standard(), current(), companies=entry.companies)
        address = reverse("plan", args=[customer, entry.plan.delivery_id])
        shown = f"{address}?dossier={UUID(live)}#each" if live else ""
        restoring = (customer, entry.plan.delivery_id, entry.change["kind"], live and UUID(live))
        restore = reverse("restore-dossier", args=restoring) if restorable and stands else ""
        yield HistoryLine(entry, _title(entry, lines), _reason(entry, customer), lines, shown, restore)


def _title(entry: LedgerEntry, lines: list[ChangedValue]) -> str:
    """`Gewijzigd: Functie, Afdeling · Losgekoppeld van De Linde (C-1)`."""
    change, parts = entry.change, []
    if change["action"] != "unchanged":
        parts.append(outcome_of(change["action"], entry.plan.delivery).capitalize())
    fields = list(dict.fromkeys(line.label for line in lines if not line.link))
    if change["action"] == "changed" and fields:  # none where the values have been removed
        number = ngettext("%(n)s field", "%(n)s fields", len(fields)) % {"n": len(fields)}
        parts[0] += f": {', '.join(fields) if len(fields) <= _MOST_NAMED else number}"
    if change["link"]:
        parts.append(_link_text(entry))
    return " · ".join(parts)


def _link_text(entry: LedgerEntry) -> str:
    """The company is named by the name that it has now; by its number where it has gone."""
    word, *keys = entry.change["link"]
    pairs = zip(entry.companies, (key or "" for key in keys), strict=True)
    old, new = (company_text(*pair) or _("a company") for pair in pairs)
    if word == "unlinked":
        return _("Unlinked from %(old)s") % {"old": old}
    if word == "linked":
        return _("Linked to %(new)s") % {"new": new}
    return _("From %(old)s to %(new)s") % {"old": old, "new": new}


def _reason(entry: LedgerEntry, customer: str) -> SafeString:
    delivery, change = entry.plan.delivery, entry.change
    values = {"file": _link(delivery, customer), "row": change["row"]}
    if delivery.undoes_id or not change["row"]:
        return SafeString(values["file"])
    if change["link"] and change["link"][0] == "unlinked":
        return format_html(_("row {row} of {file} had no company"), **values)
    return format_html(_("row {row} of {file}"), **values)


def _link(delivery: Delivery, customer: str) -> SafeString:
    address = reverse("delivery", args=[customer, delivery.pk])
    return format_html('<a class="break" href="{}">{}</a>', address, delivery_title(delivery))
