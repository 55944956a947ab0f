"""Which of a connection's files is the newest: by the date in the name, where its file name is a pattern that has one;
else, and of one date, by arrival."""

from collections.abc import Iterable
from datetime import date

from instroom.core.file_pattern import pattern_in
from instroom.flow.delivery.states import NOT_LOOKED_AT
from instroom.store.models import Connection, Delivery


def date_in_name(connection: Connection, name: str) -> date | None:
    """The date in a file's name; None where the connection's file name has none, or this name is another."""
    pattern = pattern_in(connection.file_name)
    return pattern.date_in(name) if pattern else None


def newest_of(connection: Connection, files: Iterable[Delivery]) -> Delivery | None:
    """The newest of the files; None of none."""
    return max(files, key=lambda one: (date_in_name(connection, one.file_name) or date.min, one.number), default=None)


def is_older(connection: Connection, one: Delivery, other: Delivery) -> bool:
    """Whether `one` comes before `other`."""
    dates = date_in_name(connection, one.file_name), date_in_name(connection, other.file_name)
    if dates[0] and dates[1] and dates[0] != dates[1]:
        return dates[0] < dates[1]
    return one.number < other.number


def is_older_than_last(connection: Connection, name: str) -> bool:
    """Whether the date in the name is before that of the last file that was looked at: it would put back what is
    older, so a person decides."""
    day = date_in_name(connection, name)
    if day is None:
        return False
    looked_at = Delivery.objects.filter(connection=connection, kind=Delivery.FILE, waits_for="")
    last = looked_at.exclude(state__in=NOT_LOOKED_AT).order_by("-number").values_list("file_name", flat=True).first()
    before = date_in_name(connection, last) if last else None
    return before is not None and day < before
