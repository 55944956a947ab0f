"""Lets time pass for what is throttled, without waiting: what was counted, was counted earlier."""

from datetime import timedelta

from django.db.models import F

from instroom.store.models import AttemptCounter


def elapse(**time: float) -> None:
    """As if this time had passed; keywords as of timedelta."""
    gone = timedelta(**time)
    columns = ("since", "banned_until", "expires_at")
    AttemptCounter.objects.update(**{column: F(column) - gone for column in columns})
