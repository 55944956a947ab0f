"""A moment as a person writes it."""

import re
from datetime import datetime, time, timedelta

from django.utils import timezone

from instroom.doors.cli.wrong_use import WrongUse

_DUTCH = re.compile(r"\A(\d\d)-(\d\d)-(\d{4})\b")


def moment(text: str) -> datetime | None:
    """`now` is None; `20:00` the next time that the clock says so; else a date and a time, here unless it says where.

    Raises WrongUse where it is none of these, or has gone by.
    """
    if text == "now":
        return None
    now = timezone.localtime()
    try:
        clock = time.fromisoformat(text) if len(text) <= len("00:00:00") else None
        at = _next(clock, now) if clock else datetime.fromisoformat(_DUTCH.sub(r"\3-\2-\1", text))
        at = (at.replace(tzinfo=now.tzinfo) if at.tzinfo is None else at).astimezone(now.tzinfo)
    except (ValueError, OverflowError) as error:
        raise WrongUse("no-moment", text=text) from error
    if at <= now:
        raise WrongUse("gone-by", text=text)
    return at


def _next(clock: time, now: datetime) -> datetime:
    today = now.replace(tzinfo=None)
    at = datetime.combine(today.date(), clock)
    return at if at > today else at + timedelta(days=1)
