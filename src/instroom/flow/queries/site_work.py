"""What a site has to do and who does it: what monitoring asks every few seconds.

Each question is answered by an index of what is not done yet, so that it takes no longer with the years.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.conf import settings
from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from instroom.flow.delivery.advance import due_since
from instroom.flow.delivery.states import OPEN
from instroom.flow.heartbeat import ALIVE, living
from instroom.store import database_clock, tallies
from instroom.store.models import Delivery, Heartbeat, Mail, WebhookCall, WebSession
from instroom.store.sql.time_limit import reading_within

MOST_SECONDS: Final = 2.0
"""After which a question is not waited for."""


class Queue(NamedTuple):
    """What waits to be sent."""

    waiting: int
    oldest: float
    """Seconds that the one that has waited longest has waited; 0 where none waits."""


class Process(NamedTuple):
    name: str
    """Its host and its number, such as `worker-2:4711`."""
    door: str
    version: str
    silent: float
    """Seconds since its last sign of life."""

    @property
    def is_alive(self) -> bool:
        return self.silent <= ALIVE.total_seconds()


class SiteWork(NamedTuple):
    deliveries: dict[str, int]
    """That have not ended, by each of OPEN."""
    oldest_due: float
    """Seconds that the delivery that could have gone on longest has not; 0 where none could."""
    longest_step: float
    """Seconds that the step that is under way longest has taken; 0 where none is."""
    processes: list[Process]
    sessions: int
    mails: Queue | None
    """None: the site sends no mails."""
    calls: Queue
    tallies: dict[tuple[str, str], float]
    """See `store.tallies`."""

    @property
    def workers(self) -> int:
        """How many of them gave a sign of life of late."""
        return sum(one.door == "worker" and one.is_alive for one in self.processes)


class Turns(NamedTuple):
    """Whether what is due gets its turn."""

    workers: int
    oldest_due: float


def site_work() -> SiteWork:
    """Raises DatabaseError."""
    with reading_within(MOST_SECONDS):
        now = database_clock.now()
        counted = Delivery.objects.filter(state__in=OPEN).values_list("state").annotate(Count("pk")).order_by()
        mails = Mail.objects.filter(sent_at=None, given_up_at=None, held_until=None, customer__move=None)
        calls = WebhookCall.objects.filter(delivered_at=None, given_up_at=None, webhook__paused_at=None)
        return SiteWork(
            deliveries={**dict.fromkeys(OPEN, 0), **dict(counted)},
            oldest_due=_oldest_due(now),
            longest_step=_seconds(
                now, Delivery.objects.filter(state__in=OPEN).aggregate(first=Min("started_at"))["first"]
            ),
            processes=_processes(now),
            sessions=WebSession.objects.filter(expire_date__gt=timezone.now(), user__isnull=False).count(),
            mails=_queue(now, mails, "made_at") if settings.INSTROOM_SMTP else None,
            calls=_queue(now, calls, "asked_at"),
            tallies=tallies.totals(),
        )


def turns() -> Turns:
    """Raises DatabaseError."""
    with reading_within(MOST_SECONDS):
        now = database_clock.now()
        return Turns(living("worker").count(), _oldest_due(now))


def _oldest_due(now: datetime) -> float:
    return _seconds(now, due_since().aggregate(first=Min("since"))["first"])


def _processes(now: datetime) -> list[Process]:
    found = Heartbeat.objects.order_by("process")
    return [Process(_host_and_number(one.process), one.door, one.version, _seconds(now, one.beat_at)) for one in found]


def _host_and_number(process: str) -> str:
    return process.removeprefix("instroom ").rsplit(":", 2)[0]


def _queue(now: datetime, found: QuerySet[Mail] | QuerySet[WebhookCall], since: str) -> Queue:
    counts = found.aggregate(waiting=Count("pk"), first=Min(since))
    return Queue(counts["waiting"], _seconds(now, counts["first"]))


def _seconds(now: datetime, since: datetime | None) -> float:
    return max((now - since) / timedelta(seconds=1), 0.0) if since else 0.0
