"""The findings of a delivery as a table that a person goes through: those that say the same of the same value in one
line, with how many rows that are, and who is on a row."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from instroom.core.findings.by_value import FindingLine, like_that_on, lines_of
from instroom.core.model import Finding, Severity
from instroom.core.report.counts import WORST_FIRST, by_code
from instroom.flow.paging import Page, page_of
from instroom.flow.queries.findings_page import (
    ON_A_PAGE,
    FindingsFilter,
    choices_within,
    note_seen,
    readable_findings,
)
from instroom.store.models import Delivery, User
from instroom.store.sql import findings
from instroom.store.sql.findings import StoredFindings

_FIRST: Final = 5
"""Lines of each code."""
_UNFOLDED: Final = 20
_FEW: Final = 30
"""So many lines in all need no folding."""
_READ_AT_MOST: Final = 30_000
"""Findings. Where there are more, each is a line of its own: to put them together, all of them have to be read."""


class FindingsOfCode(NamedTuple):
    """The lines of one code and severity, or some of them."""

    severity: Severity
    code: str
    amount: int
    """Findings, of all lines."""
    lines: list[FindingLine]
    more: int
    """Lines that are not in it; of too many findings, findings."""


class FindingsTable(NamedTuple):
    """What is shown, and what there is to choose from."""

    wanted: FindingsFilter
    amount: int
    """How many findings are wanted, also those that are not listed."""
    listed: int
    groups: list[FindingsOfCode]
    """Errors first, then by how many there are."""
    page: Page[FindingLine] | None
    """Of which these are the lines; None: the first of each code."""
    is_short: bool
    """Nothing needs folding."""
    names: dict[int, str]
    """Who is on the row of each line of one row."""
    all_codes: set[str]
    """Also those that are not wanted."""
    severities: dict[str, int]
    codes: dict[str, int]
    columns: dict[str, int]


def findings_table(
    delivery: Delivery,
    wanted: FindingsFilter,
    number: int = 1,
    *,
    like: int = 0,
    unfolded: bool = False,
    by: User | None = None,
) -> FindingsTable:
    """The first lines of each code, `unfolded` more of them; of one code or column, all lines, a page at a time; with
    `like`, each row whose finding is the same as on that row. `by` as for `findings_page`. Raises NotFound and
    NotAllowed."""
    found = readable_findings(delivery, by)
    taken = found.among(wanted.includes)
    amounts = by_code(taken.counts())
    page = None
    if like:
        page = page_of([FindingLine(one, 1) for one in like_that_on(like, taken)], number, ON_A_PAGE)
    elif wanted.code or wanted.column:
        page = _page_of_lines(taken, number)
    groups = _first_lines(taken, amounts, unfolded) if page is None else findings_of_codes(page.items, amounts)
    lines = [line for group in groups for line in group.lines]
    rows = {line.first.row for line in lines if line.amount == 1 and line.first.row}
    names = findings.names_on(delivery, rows)
    note_seen(delivery, (line.first for line in lines), by, names)
    is_short = page is not None or (len(lines) <= _FEW and not any(group.more for group in groups))
    return FindingsTable(
        wanted,
        taken.counts().total(),
        len(taken),
        groups,
        page,
        is_short,
        names,
        {code for _, code, _ in found.counts()},
        *choices_within(found, wanted),
    )


def rows_with_errors(delivery: Delivery) -> int:
    """How many rows have an error of their own."""
    return len(findings.rows_of(delivery).errors)


def _page_of_lines(taken: StoredFindings, number: int) -> Page[FindingLine]:
    if len(taken) > _READ_AT_MOST:
        page = page_of(taken, number, ON_A_PAGE)
        return Page([FindingLine(one, 1) for one in page.items], page.number, page.pages, page.total)
    return page_of(sorted(lines_of(taken), key=lambda line: _place(line.first)), number, ON_A_PAGE)


def _first_lines(
    taken: StoredFindings, amounts: dict[tuple[Severity, str], int], unfolded: bool
) -> list[FindingsOfCode]:
    most = _UNFOLDED if unfolded else _FIRST
    if len(taken) > _READ_AT_MOST:
        first = taken.first_of_each_code(most)
        lines = [FindingLine(one, 1) for some in first.values() for one in some]
        return [one._replace(more=one.amount - len(one.lines)) for one in findings_of_codes(lines, amounts)]
    return [first_lines(one, most) for one in findings_of_codes(lines_of(taken), amounts, also=amounts)]


def first_lines(group: FindingsOfCode, most: int) -> FindingsOfCode:
    """The group with so many of its lines."""
    return group._replace(lines=group.lines[:most], more=max(len(group.lines) - most, 0))


def findings_of_codes(
    lines: Iterable[FindingLine],
    amounts: dict[tuple[Severity, str], int],
    also: Iterable[tuple[Severity, str]] = (),
) -> list[FindingsOfCode]:
    """The lines by code, each in the order in which they come; `also` those codes of which no line is kept."""
    by_group: dict[tuple[Severity, str], list[FindingLine]] = {code: [] for code in also}
    for line in lines:
        by_group.setdefault((line.first.severity, line.first.code), []).append(line)
    groups = [FindingsOfCode(*code, amounts[code], some, 0) for code, some in by_group.items()]
    return sorted(groups, key=lambda group: (WORST_FIRST.index(group.severity), -group.amount))


def _place(one: Finding) -> tuple[int, str]:
    """So that the lines of one code are on the same page, the worst first."""
    return WORST_FIRST.index(one.severity), one.code
