"""One thing to do, and the kinds of them, the worst first."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

LONG: Final = timedelta(hours=1)
"""After which what is due, and a move, stand still."""
MOST: Final = 5000
"""Of one kind. Nobody does more in a morning, and the answer stays quick."""


class Kind(StrEnum):
    """What is the matter, in the order in which things are done."""

    CERTIFICATE = "certificate"
    STILL = "still"
    MISSING = "missing"
    FAILED = "failed"
    REJECTED = "rejected"
    ACCOUNT_CLOSED = "account-closed"
    UPLOADS_FAIL = "uploads-fail"
    LATE = "late"
    HELD = "held"
    OTHER_NAME = "other-name"
    OLDER_DATE = "older-date"
    UNDECIDED = "undecided"
    STALE = "stale"
    WEBHOOK_GONE = "webhook-gone"
    CALLS_GIVEN_UP = "calls-given-up"
    MAILS_GIVEN_UP = "mails-given-up"
    REPORT_GIVEN_UP = "report-given-up"
    MOVE_STANDS_STILL = "move-stands-still"
    PROPOSAL = "proposal"
    NO_APPROVER = "no-approver"
    NO_ADDRESS = "no-address"
    PAUSED = "paused"


WHOSE: Final = ("customer__name", "customer__title")
"""The columns of a Whose, of what belongs to a customer."""
_RANK: Final = {kind: rank for rank, kind in enumerate(Kind)}
_FIRST_WARNING: Final = _RANK[Kind.LATE]


class Whose(NamedTuple):
    """The customer of a thing to do."""

    name: str
    title: str


class Thing(NamedTuple):
    """Something that a person has to do."""

    kind: Kind
    customer: Whose | None
    """None: it is of the site, or of the operator."""
    about: str
    """The name of a connection, file, account or webhook; "" where the kind says all."""
    since: datetime | None
    path: str
    """Of the page where it is done; "" where it is done at the command line."""
    facts: dict[str, Any]
    """What its sentence tells beside `about`: see `core.report.to_do_text`."""

    @property
    def severity(self) -> str:
        """`error`: nothing comes in or goes on. `warning`: somebody waits. `notice`: it can wait."""
        if self.kind == Kind.PAUSED:
            return "notice"
        return "error" if _RANK[self.kind] < _FIRST_WARNING else "warning"

    def rank(self, now: datetime) -> tuple[int, datetime]:
        """By which the worst comes first, and of these the one that is there longest."""
        return _RANK[self.kind], self.since or now


def path_of(customer: str, *parts: object) -> str:
    """Of a page of a customer."""
    return "/".join(("", "customers", customer, *map(str, parts)))
