"""The findings of a delivery as a person goes through them: counted, grouped by code, filtered, a page at a time."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import chain
from typing import Final, NamedTuple

from django.utils import timezone

from instroom.core.findings.collected import FindingGroup
from instroom.core.model import Finding, Severity
from instroom.core.report.counts import WORST_FIRST, by_code
from instroom.flow import audit, find, permissions
from instroom.flow.paging import Page, page_of
from instroom.flow.source_limits import refuse_other_sources
from instroom.store.models import AuditEntry, Delivery, User
from instroom.store.sql import findings
from instroom.store.sql.findings import StoredFindings

_FIRST_ROWS = 3
_ON_A_PAGE = 50
_SEEN: Final = "findings-seen"
_TOLD_AGAIN_AFTER = timedelta(hours=1)


class FindingsFilter(NamedTuple):
    """What a person wants to see; "" is everything."""

    severity: str = ""
    code: str = ""
    column: str = ""

    def includes(self, group: FindingGroup) -> bool:
        return all(wanted in ("", value) for wanted, value in zip(self, group, strict=True))


class FindingsOfCode(NamedTuple):
    """The findings of one code and severity."""

    severity: Severity
    code: str
    amount: int
    first: list[Finding]


class FindingsPage(NamedTuple):
    """What is shown, and what there is to choose from."""

    wanted: FindingsFilter
    amount: int
    """How many findings are wanted, also those that are not listed."""
    groups: list[FindingsOfCode]
    """Errors first, then by how many there are; empty where the findings are listed."""
    page: Page[Finding]
    """The findings that are listed; empty where they are grouped."""
    severities: dict[str, int]
    codes: dict[str, int]
    columns: dict[str, int]


def findings_page(
    delivery: Delivery,
    wanted: FindingsFilter,
    number: int = 1,
    size: int = _ON_A_PAGE,
    *,
    grouped: bool = False,
    by: User | None = None,
) -> FindingsPage:
    """The findings that are wanted: a page of them, or `grouped` by code with the first few of each. A choice is
    counted within the other choices, so that none leads to nothing.

    That somebody saw values of persons among them is in the audit log (G2), once an hour: the page is asked for again
    with each choice. `by` is the reader; None: the person who runs this machine. Raises NotFound and NotAllowed.
    """
    if by:
        permissions.check(by, "read", delivery.customer)
        refuse_other_sources(delivery, "read", by)
    found = findings.stored(delivery)
    taken = found.among(wanted.includes)
    groups = _groups(taken) if grouped else []
    page = Page([], 1, 1, len(taken)) if grouped else page_of(taken, number, size)
    if _shows_persons(delivery, chain(page.items, *(group.first for group in groups))):
        lately = AuditEntry.objects.filter(at__gt=timezone.now() - _TOLD_AGAIN_AFTER)
        if not lately.filter(delivery=delivery, action=_SEEN, user=by).exists():
            audit.record(delivery, _SEEN, by)
    counts = found.counts()
    return FindingsPage(
        wanted,
        taken.counts().total(),
        groups,
        page,
        _counted(counts, wanted._replace(severity=""), 0, WORST_FIRST),
        _counted(counts, wanted._replace(code=""), 1),
        _counted(counts, wanted._replace(column=""), 2),
    )


def _shows_persons(delivery: Delivery, shown: Iterable[Finding]) -> bool:
    """Whether a value is of a column with personal data; of a finding about a whole record, any may be."""
    other = {column.label for column in find.layout(delivery.layout).columns if not column.personal}
    return any(one.row and (one.value or one.facts) and one.column not in other for one in shown)


def _groups(found: StoredFindings) -> list[FindingsOfCode]:
    counts = by_code(found.counts())
    first = found.first_of_each_code(_FIRST_ROWS)
    groups = [FindingsOfCode(*code, amount, first.get(code, [])) for code, amount in counts.items()]
    return sorted(groups, key=lambda group: (WORST_FIRST.index(group.severity), -group.amount))


def _counted(
    counts: Mapping[FindingGroup, int], others: FindingsFilter, place: int, order: tuple[str, ...] = ()
) -> dict[str, int]:
    """How many there are within the `others`, by what stands at this place in their group."""
    found: Counter[str] = Counter()
    for group, count in counts.items():
        if others.includes(group) and (name := group[place]) is not None:
            found[name] += count
    return {name: found[name] for name in order if name in found} if order else dict(found.most_common())
