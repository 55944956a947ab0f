"""The findings on the page of a delivery: a table for each kind, equal ones of the same value in one line."""

from collections.abc import Mapping
from typing import Final

from django.http import HttpRequest

from instroom.core.findings import CATALOGUE
from instroom.core.findings.by_value import FindingLine, lines_of
from instroom.core.layout.loader import Layout
from instroom.core.model import Checked, Table
from instroom.core.report.counts import by_code, counts_by_group
from instroom.core.report.record_names import names_of_rows
from instroom.core.report.sentences import message, remedy
from instroom.core.whole_number import whole_number
from instroom.doors.web.frame.access import Visit
from instroom.doors.web.frame.language import current
from instroom.doors.web.frame.query import number_of, text_of
from instroom.flow import find
from instroom.flow.queries.findings_page import FindingsFilter
from instroom.flow.queries.findings_table import FindingsTable, findings_of_codes, findings_table, first_lines
from instroom.store.models import Delivery
from instroom.store.states import State

_CHECKED_LINES: Final = 5


def findings_context(request: HttpRequest, visit: Visit, one: Delivery) -> dict[str, object]:
    """For `_findings.html`. No value stands in an address: the rows with the same one are asked for by the first."""
    if not any(one.counts.get(name) for name in ("errors", "warnings", "notices")):
        return {"found": None}
    wanted = FindingsFilter(text_of(request, "severity"), text_of(request, "code"), text_of(request, "column"))
    like, unfolded = whole_number(request.GET.get("like", "")) or 0, text_of(request, "open") == "all"
    found = findings_table(one, wanted, number_of(request), like=like, unfolded=unfolded, by=visit.user)
    layout = find.layout(one.layout)
    return {
        "found": found,
        "names": found.names,
        "file_faults": _file_faults(one, found, layout),
        "groups": [(group, _in_words(group.lines, found.names, layout)) for group in found.groups],
        "like": like,
        "unfolded": unfolded,
        "filtered": bool(like) or found.wanted != FindingsFilter(),
    }


def checked_context(checked: Checked, table: Table | None, layout: Layout) -> dict[str, object]:
    """The first lines of each kind, of a file that was only checked."""
    groups = findings_of_codes(lines_of(checked.findings), by_code(counts_by_group(checked)))
    names = names_of_rows(checked, table, layout) if table and groups else {}
    first = [first_lines(group, _CHECKED_LINES) for group in groups]
    return {"groups": [(group, _in_words(group.lines, names, layout)) for group in first], "names": names}


def _file_faults(one: Delivery, found: FindingsTable, layout: Layout) -> list[tuple[str, str]]:
    """What is wrong, and what to do, where nothing was found but of the file as a whole: then nothing else helps."""
    of_file = all(CATALOGUE[code].scope == "file" or code == "header-missing" for code in found.all_codes)
    if one.state != State.REJECTED or not of_file:
        return []
    lines = [line.first for group in found.groups for line in group.lines]
    return [(message(first, layout, current()), remedy(first, layout, current())) for first in lines]


def _in_words(lines: list[FindingLine], names: Mapping[int, str], layout: Layout) -> list[dict[str, object]]:
    """The lines in words; message and remedy are left out where they repeat those before."""
    lang, said, advised = current(), "", ""
    entries: list[dict[str, object]] = []
    for line in lines:
        wrong, advice = message(line.first, layout, lang), remedy(line.first, layout, lang)
        entries.append(
            {
                "finding": line.first,
                "amount": line.amount,
                "name": names.get(line.first.row or 0, "") if line.amount == 1 else "",
                "message": wrong if wrong != said else "",
                "remedy": advice if advice != advised else "",
            }
        )
        said, advised = wrong, advice
    return entries
