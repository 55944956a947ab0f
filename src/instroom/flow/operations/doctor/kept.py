"""Whether the files are there that the database knows: after a restore in the wrong order, some are not."""

import time
from collections.abc import Iterator
from typing import Final

from django.db.models import QuerySet

from instroom.flow.delivery.content import whole_file_key
from instroom.flow.operations.doctor.database import refuse_missing
from instroom.flow.operations.doctor.diagnosis import Asked, Diagnosis, diagnosis
from instroom.store.files.site_store import site_store
from instroom.store.models import Delivery

_NEWEST: Final = 100
"""What a wrong order loses are the newest."""


def look(asked: Asked) -> Iterator[Diagnosis]:
    """Raises StoreAway."""
    refuse_missing()
    store, looked, lost, code = site_store(), 0, list[str](), "kept"
    for one in _with_file(asked.thorough).iterator():
        if not asked.thorough and time.monotonic() > asked.until:
            code = "kept-unfinished"
            break
        looked += 1
        keys = [one.file_key, *([whole_file_key(one)] if one.merged else [])]
        if None in map(store.find, keys) and Delivery.objects.filter(pk=one.pk, file_removed_at=None).exists():
            lost.append(str(one.pk))  # and not deleted in the meantime
    if lost:
        yield diagnosis("kept-lost", count=len(lost), looked=looked, first=lost[0])
    else:
        yield diagnosis(code, looked=looked)


def _with_file(thorough: bool) -> "QuerySet[Delivery]":
    known = Delivery.objects.exclude(file_key="").filter(file_removed_at=None).order_by("-pk")
    known = known.only("pk", "file_key", "merged")
    return known if thorough else known[:_NEWEST]
