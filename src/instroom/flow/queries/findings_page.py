"""The findings of a delivery as a person goes through them: counted, grouped by code, filtered, a page at a time."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from itertools import chain
from typing import Final, NamedTuple

from django.utils import timezone

from instroom.core.model import Finding, Severity
from instroom.flow import audit, delivery_document, find, permissions
from instroom.flow.paging import Page, page_of
from instroom.store.models import AuditEntry, Delivery, User

_WORST_FIRST: Final = ("error", "warning", "notice")
_FIRST_ROWS = 3
_ON_A_PAGE = 50
_SEEN: Final = "findings-seen"
_TOLD_AGAIN_AFTER = timedelta(hours=1)


class Filter(NamedTuple):
    """What a person wants to see; "" is everything."""

    severity: str = ""
    code: str = ""
    column: str = ""

    def among(self, found: list[Finding]) -> list[Finding]:
        """What is wanted of these."""
        if not any(self):
            return found
        return [
            one
            for one in found
            if (not self.severity or one.severity == self.severity)
            and (not self.code or one.code == self.code)
            and (not self.column or one.column == self.column)
        ]


class Group(NamedTuple):
    """The findings of one code and severity."""

    severity: Severity
    code: str
    amount: int
    first: list[Finding]


class FindingsPage(NamedTuple):
    """What is shown, and what there is to choose from."""

    wanted: Filter
    groups: list[Group]
    """Errors first, then by how many there are."""
    page: Page[Finding]
    severities: dict[str, int]
    codes: dict[str, int]
    columns: dict[str, int]


def findings_page(
    delivery: Delivery, wanted: Filter, number: int = 1, size: int = _ON_A_PAGE, *, by: User | None = None
) -> FindingsPage:
    """The findings that are wanted. A choice is counted within the other choices, so that none leads to nothing.

    That somebody saw values of persons among them is in the audit log (G2), once an hour: the page is asked for again
    with each choice. `by` is the reader; None: the person who runs this machine. Raises NotFound and NotAllowed.
    """
    if by:
        permissions.check(by, "read", delivery.customer)
    found = delivery_document.findings(delivery)
    taken = wanted.among(found)
    groups, page = _groups(taken), page_of(taken, number, size)
    if _shows_persons(delivery, chain(page.items, *(group.first for group in groups))):
        _note_sight(delivery, by)
    return FindingsPage(
        wanted,
        groups,
        page,
        _counted([one.severity for one in wanted._replace(severity="").among(found)], _WORST_FIRST),
        _counted([one.code for one in wanted._replace(code="").among(found)]),
        _counted([one.column for one in wanted._replace(column="").among(found) if one.column]),
    )


def _shows_persons(delivery: Delivery, shown: Iterable[Finding]) -> bool:
    """Whether a value is of a column with personal data; of a finding about a whole record, any may be."""
    other = {column.label for column in find.layout(delivery.layout).columns if not column.personal}
    return any(one.row and (one.value or one.facts) and one.column not in other for one in shown)


def _note_sight(delivery: Delivery, by: User | None) -> None:
    lately = timezone.now() - _TOLD_AGAIN_AFTER
    if not AuditEntry.objects.filter(delivery=delivery, action=_SEEN, user=by, at__gt=lately).exists():
        audit.record(delivery, _SEEN, by)


def _groups(found: list[Finding]) -> list[Group]:
    counts = Counter((one.severity, one.code) for one in found)
    first: dict[tuple[Severity, str], list[Finding]] = {key: [] for key in counts}
    for one in found:
        shown = first[one.severity, one.code]
        if len(shown) < _FIRST_ROWS:
            shown.append(one)
    groups = [Group(severity, code, counts[severity, code], shown) for (severity, code), shown in first.items()]
    return sorted(groups, key=lambda group: (_WORST_FIRST.index(group.severity), -group.amount))


def _counted(names: list[str], order: tuple[str, ...] = ()) -> dict[str, int]:
    counts = Counter(names)
    return {name: counts[name] for name in order if name in counts} if order else dict(counts.most_common())
