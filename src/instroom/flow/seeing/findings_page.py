"""The findings of a delivery as a person goes through them: counted, grouped by code, filtered, a page at a time."""

from collections import Counter
from typing import Final, NamedTuple

from instroom.core.model import Finding, Severity
from instroom.flow.seeing import show
from instroom.flow.seeing.paging import Page, page_of
from instroom.store.models import Delivery

_WORST_FIRST: Final = ("error", "warning", "notice")
_FIRST_ROWS = 3
_ON_A_PAGE = 50


class Filter(NamedTuple):
    """What a person wants to see; "" is everything."""

    severity: str = ""
    code: str = ""
    column: str = ""

    def takes(self, found: Finding) -> bool:
        """Whether a finding is among it."""
        return (
            (not self.severity or found.severity == self.severity)
            and (not self.code or found.code == self.code)
            and (not self.column or found.column == self.column)
        )


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


def findings_page(delivery: Delivery, wanted: Filter, number: int = 1, size: int = _ON_A_PAGE) -> FindingsPage:
    """The findings that are wanted. A choice is counted within the other choices, so that none leads to nothing."""
    found = show.findings(delivery)
    taken = [one for one in found if wanted.takes(one)]
    return FindingsPage(
        wanted,
        _groups(taken),
        page_of(taken, number, size),
        _counted([one.severity for one in found if wanted._replace(severity="").takes(one)], _WORST_FIRST),
        _counted([one.code for one in found if wanted._replace(code="").takes(one)]),
        _counted([one.column for one in found if one.column and wanted._replace(column="").takes(one)]),
    )


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
