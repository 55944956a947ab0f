"""How long is kept what is about persons (product.md G3). Each period is a policy of a customer."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple


class Retention(NamedTuple):
    """The periods that hold where a site says nothing else. All begin when a delivery has come to its end."""

    keep_files_days: int = 30
    """Delivered files, the answers to them and uploads; values in findings, and in plans that were not imported."""
    keep_ledger_months: int = 60
    """Values of what was imported: until they go, the import can be undone."""
    keep_audit_months: int = 84
    """Lines of the audit log."""


LIMITS: Final[Mapping[str, tuple[int, int]]] = {
    "keep_files_days": (14, 366),
    "keep_ledger_months": (12, 240),
    "keep_audit_months": (12, 240),
}
"""The shortest and the longest that each may be. In a fortnight somebody has looked at what was left behind."""


CALLS_DAYS: Final = 30
"""How long a call of a webhook is kept, of every customer."""


def months_later(moment: datetime, months: int) -> datetime:
    """The same day and time so many months later, or earlier where that is negative; the last day of that month where
    it is shorter."""
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))
