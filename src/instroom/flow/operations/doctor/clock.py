"""The clocks: ours beside the database's, and beside the moments that are stored."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.utils import timezone

from instroom.flow.operations.doctor.database import refuse_missing
from instroom.flow.operations.doctor.diagnosis import Asked, Diagnosis, diagnosis
from instroom.store import database_clock
from instroom.store.models import AuditEntry

MOST: Final = 5
"""Seconds that clocks of a site may differ."""
_BEHIND: Final = timedelta(minutes=2)


def look(asked: Asked) -> Iterator[Diagnosis]:
    refuse_missing()
    begin = time.monotonic()
    theirs = database_clock.now()
    ours = timezone.now() - timedelta(seconds=(time.monotonic() - begin) / 2)
    off = round((ours - theirs).total_seconds())
    newest = AuditEntry.objects.order_by("-pk").values_list("at", flat=True).first()
    if abs(off) > MOST:
        yield diagnosis("clock-differs", seconds=abs(off))
    elif newest and newest > ours + _BEHIND:
        yield diagnosis("clock-behind", minutes=round((newest - ours).total_seconds() / 60))
    else:
        yield diagnosis("clock", seconds=abs(off))
