"""Sends the calls that are due to their receivers (product.md E4). Customers take turns, each in a few of the threads.

As a mail, a call is claimed by a conditional UPDATE before it is sent. A worker that is killed in between leaves a
doubt: the call goes out again under the same id, by which its receiver knows it again.
"""

import logging
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Condition, Event
from time import monotonic
from types import TracebackType
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import close_old_connections, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from instroom.config.traces import span
from instroom.core.errors import NotAllowed
from instroom.flow.passing_by import PassedBy, is_site_trouble
from instroom.flow.webhooks import giving_up, signing
from instroom.flow.webhooks.destination import destination
from instroom.flow.webhooks.posting import WebhookAnswer, post
from instroom.store.models import Webhook, WebhookAttempt, WebhookCall
from instroom.store.sealing import SealBroken
from instroom.store.troubles import where_of

WAITS: Final = tuple(
    timedelta(minutes=minutes)
    for minutes in (1, 5, 30, 2 * 60, 5 * 60, 10 * 60, 14 * 60, 20 * 60, 24 * 60)
)  # fmt: skip
"""How long after each failure it is tried again, and up to a fifth longer: receivers that were down are not all called
at once."""
MOST_ATTEMPTS: Final = len(WAITS) + 1
MOST_ASKED: Final = timedelta(days=1)
"""Of the time that a receiver asks for in Retry-After."""
STALE: Final = timedelta(days=4)
"""What has waited for longer, for a webhook that was paused, is no news."""
_REST: Final = timedelta(minutes=1)  # of a webhook whose receiver failed or was slow: it costs us one attempt at a time
_SLOW: Final = 5.0  # seconds of an answer, and of a turn after which a webhook makes way for the next
_CLAIMED: Final = timedelta(minutes=2)  # longer than an attempt can take
_AT_ONCE: Final = 20  # calls of a webhook in a row
_THREADS: Final = 8
_THREADS_OF_CUSTOMER: Final = 2
_GONE: Final = 410
_passed_by = PassedBy[UUID]("the call")
_log = logging.getLogger(__name__)


class Sender:
    """Serves webhooks that have something due. Slow receivers of one customer take two threads, and no other's turn."""

    def __init__(self) -> None:
        """Begins at the first round."""
        self._pool = ThreadPoolExecutor(_THREADS, "webhooks")
        self._changes = Condition()  # who changes the next three holds it
        self._queues: dict[UUID, list[UUID]] = {}  # of each customer; whose turn it is comes first
        self._served: dict[UUID, UUID] = {}  # webhooks, and whose they are
        self._delivered = 0
        self._ends = Event()

    def round(self) -> None:
        """Queue each webhook that has something due, and begin to serve as many as may be served at once."""
        due = _webhooks_with_due_calls(timezone.now())
        with self._changes:
            self._queues = {customer: [] for customer in self._queues}
            for webhook, customer in due:
                if webhook not in self._served:
                    self._queues.setdefault(customer, []).append(webhook)
            self._begin()

    def finish(self) -> int:
        """Wait until those that are queued are served; how many calls were delivered."""
        with self._changes:
            self._changes.wait_for(lambda: not self._served and not self._queues)
            return self._delivered

    def _begin(self) -> None:
        """Give the free threads to customers in turn."""
        self._queues = {customer: queue for customer, queue in self._queues.items() if queue}
        while len(self._served) < _THREADS and not self._ends.is_set():
            threads = Counter(self._served.values())
            customer = next((one for one in self._queues if threads[one] < _THREADS_OF_CUSTOMER), None)
            if customer is None:
                break
            webhook, *others = self._queues.pop(customer)
            if others:
                self._queues[customer] = others  # behind the other customers
            self._served[webhook] = customer
            self._pool.submit(self._serve, webhook)

    def _serve(self, webhook: UUID) -> None:
        """The thread outlives a step that breaks, which is tried again when its claim has ended."""
        delivered = 0
        try:
            delivered = _send_calls(webhook, self._ends)
        except Exception as error:
            if not is_site_trouble(error):
                _log.error(
                    "the calls of webhook %s broke off and are tried again: %s",
                    webhook,
                    where_of(error),
                    extra={"webhook": webhook},
                )
        finally:
            close_old_connections()
        with self._changes:
            self._delivered += delivered
            del self._served[webhook]
            self._begin()
            self._changes.notify_all()

    def __enter__(self) -> "Sender":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Let the calls under way end, and begin no other."""
        self._ends.set()
        self._pool.shutdown()


def send_due() -> int:
    """Send what is due now; how many calls were delivered."""
    with Sender() as sender:
        sender.round()
        return sender.finish()


def _webhooks_with_due_calls(now: datetime) -> list[tuple[UUID, UUID]]:
    """Each webhook with its customer, the one that has waited longest first. Webhooks are read only where there is a
    call to send."""
    if not _waiting().filter(due_at__lte=now).exists():
        return []
    due = _waiting().filter(webhook=OuterRef("pk"), due_at__lte=now).order_by("due_at").values("due_at")[:1]
    waits = _rested(now).annotate(since=Subquery(due)).exclude(since=None).order_by("since")
    return list(waits.values_list("pk", "customer_id"))


def _rested(now: datetime) -> QuerySet[Webhook]:
    return Webhook.objects.filter(Q(rests_until=None) | Q(rests_until__lte=now), paused_at=None, customer__move=None)


def _waiting() -> QuerySet[WebhookCall]:
    return WebhookCall.objects.filter(delivered_at=None, given_up_at=None)


def _send_calls(key: UUID, ends: Event) -> int:
    """Send the calls of one webhook, the oldest first, until its receiver fails or its turn ends; how many were
    delivered."""
    webhook = _rested(timezone.now()).select_related("customer").filter(pk=key).first()
    if webhook is None:
        return 0
    delivered, begun = 0, monotonic()
    for call in _waiting().filter(webhook=webhook, due_at__lte=timezone.now()).order_by("due_at", "pk")[:_AT_ONCE]:
        if ends.is_set() or monotonic() - begun > _SLOW:
            break
        with _passed_by.where_it_breaks(call.pk):
            answer = _attempt(webhook, call) if _claim(webhook, call) else None
            if answer is None:
                continue
            if _is_good(answer):
                delivered += 1
            elif _is_of_the_receiver(answer):
                break
    return delivered


def _claim(webhook: Webhook, call: WebhookCall) -> bool:
    """Make it ours for a while, and count the attempt; one that has been tried or has waited too long is given up."""
    now = timezone.now()
    # Not by a join: PostgreSQL would look at the row in a subquery, before it waits for the worker that has it.
    active = Webhook.objects.filter(pk=webhook.pk, paused_at=None)
    same = _waiting().filter(pk=call.pk, attempts=call.attempts, due_at=call.due_at, webhook__in=active)
    if call.attempts >= MOST_ATTEMPTS or call.asked_at < now - STALE:
        giving_up.give_up(webhook, same, now)
        return False
    call.attempts += 1
    call.due_at = now + _CLAIMED
    return same.update(attempts=call.attempts, due_at=call.due_at) == 1


def _attempt(webhook: Webhook, call: WebhookCall) -> WebhookAnswer:
    """Send a call that is ours, and note what came of it."""
    begun, now = monotonic(), timezone.now()
    with span("call webhook", "CLIENT", webhook=webhook.pk, call=call.pk, customer=webhook.customer_id) as note:
        answer = _sent(webhook, call, now)
        note(code=answer.status or answer.failure)
    took = round((monotonic() - begun) * 1000)
    if not _is_good(answer):
        facts = {"webhook": webhook.pk, "code": answer.status or answer.failure}
        _log.warning("call %s was not delivered: %s", call.pk, answer.status or answer.failure, extra=facts)
    ours = _waiting().filter(pk=call.pk, attempts=call.attempts, due_at=call.due_at)
    with transaction.atomic():
        _settle(webhook, call, ours, answer)
        if took > _SLOW * 1000:
            later, enough = Q(rests_until__gt=timezone.now() + _REST), timezone.now() + _REST
            Webhook.objects.filter(pk=webhook.pk).exclude(later).update(rests_until=enough)
        if WebhookCall.objects.filter(pk=call.pk).exists():  # else it was removed in the meantime
            WebhookAttempt.objects.create(
                call=call, at=now, status=answer.status, failure=answer.failure, milliseconds=took
            )
    return answer


def _sent(webhook: Webhook, call: WebhookCall, now: datetime) -> WebhookAnswer:
    private = settings.INSTROOM_WEBHOOK_PRIVATE
    try:
        where, signed = destination(webhook.address, private), signing.headers(webhook, call, now)
    except NotAllowed:  # the site has other settings than when it was made
        return WebhookAnswer(failure="forbidden")
    except SealBroken:  # or another key
        return WebhookAnswer(failure="no-secret")
    headers = {"Content-Type": "application/json", "User-Agent": "Instroom", "Connection": "close", **signed}
    return post(where, call.body.encode(), headers, private)


def _settle(webhook: Webhook, call: WebhookCall, ours: QuerySet[WebhookCall], answer: WebhookAnswer) -> None:
    now = timezone.now()
    if _is_good(answer):
        ours.update(delivered_at=now)
    elif answer.status == _GONE:
        giving_up.stop(webhook, ours, now)
    else:
        asked = min(answer.wait, MOST_ASKED) if answer.wait else timedelta()
        if _is_of_the_receiver(answer):
            Webhook.objects.filter(pk=webhook.pk).update(rests_until=now + max(_REST, asked))
        if call.attempts >= MOST_ATTEMPTS:
            giving_up.give_up(webhook, ours, now)
        else:
            wait = WAITS[call.attempts - 1] * random.uniform(1, 1.2)  # noqa: S311 - nothing secret
            ours.update(due_at=now + max(wait, asked))


def _is_good(answer: WebhookAnswer) -> bool:
    return answer.status is not None and 200 <= answer.status < 300


def _is_of_the_receiver(answer: WebhookAnswer) -> bool:
    """Whether the receiver is at fault, or has had enough, and not this one call: then it gets a rest."""
    return answer.status is None or answer.status >= 500 or answer.status in (408, 410, 429)
