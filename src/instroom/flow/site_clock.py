"""Moments on the clock of this site."""

from datetime import date, datetime, time

from django.utils import timezone


def iso_moment(at: datetime | None) -> str | None:
    """As programs read it, to the second."""
    return timezone.localtime(at).isoformat(timespec="seconds") if at else None


def moment_on(day: date, clock: time = time()) -> datetime:
    """That time on that day; in the night that the clock goes forward and skips it, as much later as it skips."""
    return timezone.make_aware(datetime.combine(day, clock))
