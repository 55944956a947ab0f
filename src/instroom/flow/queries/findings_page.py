"""The findings of a delivery, one by one: counted, filtered, a page at a time."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import Final, NamedTuple

from django.utils import timezone

from instroom.core.findings.collected import FindingGroup
from instroom.core.model import Finding
from instroom.core.report.counts import WORST_FIRST
from instroom.flow import audit, find, permissions
from instroom.flow.paging import Page, page_of
from instroom.flow.source_limits import refuse_other_sources
from instroom.store.models import AuditEntry, Delivery, User
from instroom.store.sql import findings
from instroom.store.sql.findings import StoredFindings

ON_A_PAGE: Final = 50
_SEEN: Final = "findings-seen"
_TOLD_AGAIN_AFTER = timedelta(hours=1)


class FindingsFilter(NamedTuple):
    """What a person wants to see; "" is everything."""

    severity: str = ""
    code: str = ""
    column: str = ""

    def includes(self, group: FindingGroup) -> bool:
        return all(wanted in ("", value) for wanted, value in zip(self, group, strict=True))


class FindingsPage(NamedTuple):
    """What is shown, and what there is to choose from."""

    wanted: FindingsFilter
    amount: int
    """How many findings are wanted, also those that are not listed."""
    page: Page[Finding]
    severities: dict[str, int]
    codes: dict[str, int]
    columns: dict[str, int]


def findings_page(
    delivery: Delivery, wanted: FindingsFilter, number: int = 1, size: int = ON_A_PAGE, *, by: User | None = None
) -> FindingsPage:
    """A page of the findings that are wanted. A choice is counted within the other choices, so that none leads to
    nothing. `by` is the reader; None: the person who runs this machine. Raises NotFound and NotAllowed."""
    found = readable_findings(delivery, by)
    taken = found.among(wanted.includes)
    page = page_of(taken, number, size)
    note_seen(delivery, page.items, by)
    return FindingsPage(wanted, taken.counts().total(), page, *choices_within(found, wanted))


def readable_findings(delivery: Delivery, by: User | None) -> StoredFindings:
    """All findings, for who may see their values."""
    if by:
        permissions.check(by, "read", delivery.customer)
        refuse_other_sources(delivery, "read", by)
    return findings.stored(delivery)


def note_seen(delivery: Delivery, shown: Iterable[Finding], by: User | None, names: Collection[int] = ()) -> None:
    """That somebody saw values of persons, or the names on rows, is in the audit log (G2), once an hour: the page is
    asked for again with each choice."""
    if names or _shows_persons(delivery, shown):
        lately = AuditEntry.objects.filter(at__gt=timezone.now() - _TOLD_AGAIN_AFTER)
        if not lately.filter(delivery=delivery, action=_SEEN, user=by).exists():
            audit.record(delivery, _SEEN, by)


def choices_within(
    found: StoredFindings, wanted: FindingsFilter
) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """How many there are of each severity, code and column, within the other choices."""
    counts = found.counts()
    return (
        _counted(counts, wanted._replace(severity=""), 0, WORST_FIRST),
        _counted(counts, wanted._replace(code=""), 1),
        _counted(counts, wanted._replace(column=""), 2),
    )


def _shows_persons(delivery: Delivery, shown: Iterable[Finding]) -> bool:
    """Whether a value is of a column with personal data; of a finding about a whole record, any may be."""
    other = {column.label for column in find.layout(delivery.layout).columns if not column.personal}
    return any(one.row and (one.value or one.facts) and one.column not in other for one in shown)


def _counted(
    counts: Mapping[FindingGroup, int], others: FindingsFilter, place: int, order: tuple[str, ...] = ()
) -> dict[str, int]:
    """How many there are within the `others`, by what stands at this place in their group."""
    found: Counter[str] = Counter()
    for group, count in counts.items():
        if others.includes(group) and (name := group[place]) is not None:
            found[name] += count
    return {name: found[name] for name in order if name in found} if order else dict(found.most_common())
