"""Whether a file has the same bytes as the last one of its connection, and whether that is normal for it (E2)."""

from instroom.flow.delivery.forget import held_bsn
from instroom.flow.delivery.states import NOT_LOOKED_AT
from instroom.store.models import Connection, Delivery


def is_same_as_last(connection: Connection, file: Delivery) -> bool:
    """Whether the file has the same bytes as the last one that was looked at, whatever became of that: also what a
    person has refused or undone does not come in again automatically. One with citizen service numbers
    is looked at each time, since that is what deletes it."""
    looked_at = Delivery.objects.filter(connection=connection, kind=Delivery.FILE, waits_for="", number__lt=file.number)
    last = looked_at.exclude(state__in=NOT_LOOKED_AT).order_by("-number").first()
    return last is not None and last.sha256 == file.sha256 and not held_bsn(last)


def is_normal_repeat(file: Delivery) -> bool:
    """Whether a file that waits for its hour is the same as last time, of which nobody need be told."""
    connection = file.connection if file.waits_for == "hour" else None
    return connection is not None and connection.same_is_normal and is_same_as_last(connection, file)
