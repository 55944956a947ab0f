"""Brings a delivery from one state to the next: one conditional UPDATE, so that of two at once one gets an answer."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from django.db import transaction

from instroom.core.errors import NotAllowed
from instroom.flow.delivery.states import (
    AWAITING_DECISION,
    PLAN_SETTLED,
    UNDECIDED_YET,
    WISHES,
    WITHIN_STEP,
    WITHIN_TRIES,
    may_follow,
)
from instroom.flow.delivery.stopwatch import step_seconds
from instroom.flow.news.events import announce
from instroom.flow.news.notifications import tell
from instroom.flow.waits import NOTHING_GOOD, look_at_once
from instroom.store import database_clock, tallies
from instroom.store.models import Delivery
from instroom.store.sql.stale_plans import delete_outdated_plan
from instroom.store.states import State

UNDECIDED: Final[Mapping[str, Any]] = MappingProxyType(
    {"decided_by": None, "decided_at": None, "approved_digest": "", "automatic": False}
)
"""The columns of a decision that does not stand any more."""


NOT_STARTED: Final[Mapping[str, Any]] = MappingProxyType({"started_at": None, "started_by": ""})
"""The columns of a step that a process is at, where none is."""
FIRST_TRY: Final[Mapping[str, Any]] = MappingProxyType(
    {"failures": 0, "cause": "", "cause_facts": {}, "failing_since": None, "try_again_at": None}
)
"""The columns of tries, where none has failed."""


class SomebodyWasFirst(NotAllowed):
    """The state has changed since the delivery was read."""


def move(delivery: Delivery, after: State, **values: Any) -> None:
    """Put the delivery in state `after`, set other columns with it, and write the mails and calls that tell of it.

    Raises NotAllowed where its state does not lead there, or has changed since it was read.
    """
    before = State(delivery.state)
    if not may_follow(before, after):
        raise not_from(before, after)
    values["state"] = after
    if delivery.waits_for:
        values["waits_for"] = ""
    if after not in WITHIN_STEP:
        values = {"crashes": 0, **NOT_STARTED, **values}
    if after not in WITHIN_TRIES:
        values = {**FIRST_TRY, **values}
    if (seconds := step_seconds(delivery, before)) is not None:
        values["step_seconds"] = seconds
    _update(delivery, before, values)
    transaction.on_commit(partial(_count, before, after, seconds), robust=True)
    if after in PLAN_SETTLED:
        delete_outdated_plan(delivery)
    tell(delivery)
    announce(delivery)
    if {before, after} & {*NOTHING_GOOD} and delivery.connection_id and delivery.runs.filter(open=True).exists():
        look_at_once(delivery.connection_id)


def move_moment(delivery: Delivery, at: datetime, **values: Any) -> None:
    """Give a scheduled delivery another moment, and write the mails that tell of it. Raises NotAllowed where it has
    changed since it was read."""
    _update(delivery, State.SCHEDULED, {"due_at": at, **values})
    tell(delivery)


def _update(delivery: Delivery, before: State, values: dict[str, Any]) -> None:
    values["changed_at"] = database_clock.now()
    same = Delivery.objects.filter(pk=delivery.pk, state=before)
    if before == State.SCHEDULED:
        same = same.filter(due_at=delivery.due_at)
    if same.update(**values) != 1:
        raise SomebodyWasFirst("somebody-was-first", state=before)
    for name, value in values.items():
        setattr(delivery, name, value)


def _count(before: State, after: State, seconds: dict[str, float] | None) -> None:
    tallies.add("states", after)
    if seconds:
        tallies.observe("steps", before, seconds[before])


def not_from(before: State, after: State) -> NotAllowed:
    """Why a person's wish for `after` comes too early or too late, as that person says it."""
    if after not in WISHES or before in AWAITING_DECISION:
        return NotAllowed("state-not-reachable", before=before, after=after)
    if before in UNDECIDED_YET:
        return NotAllowed("too-early", state=before, wish=after)
    return NotAllowed("too-late", state=before, wish=after)
