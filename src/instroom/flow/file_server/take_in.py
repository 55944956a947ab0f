"""Turns complete uploads of the file server into deliveries (product.md F3).

What came in waits in the hand-over of `store.files.uploads`, under the id that its delivery gets: whatever is killed in
between, the next round takes it up, and nothing becomes two deliveries.
"""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone

from instroom.config.traces import span
from instroom.flow import find
from instroom.flow.delivery.file_dates import is_older_than_last
from instroom.flow.delivery.receive import receive
from instroom.flow.file_server.throttled_log import DailyWarning, reason_of
from instroom.store.files import sealed_file, uploads
from instroom.store.models import Connection, Delivery, FileAccount

_warning: Final = DailyWarning(logging.getLogger("instroom.ftp"))


def facts_of(account: str, name: str, folder: str = "") -> Mapping[str, Any]:
    """The facts to keep with a complete file until it is a delivery. `account` is an id."""
    facts = {"account": account, "name": name, "at": timezone.now().isoformat()}
    return {**facts, "folder": folder} if folder else facts


def take_in(base: Path, one: UUID) -> Delivery | None:
    """Make a delivery of what waits under this id; None where that has been done already.

    Raises what `receive` raises; then it goes on waiting.
    """
    try:
        waiting = uploads.get_waiting(base, one)
    except FileNotFoundError:
        return None
    return _take_in(waiting)


def take_in_all(base: Path, age: float = 0) -> int:
    """Make deliveries of all that has been waiting for longer than `age` seconds. Returns how many.

    What cannot be taken in yet is logged, and goes on waiting.
    """
    count = 0
    for waiting in uploads.waiting(base, age):
        try:
            count += _take_in(waiting) is not None
        except Exception as error:  # what is behind it goes on
            _warning.warn(f"upload {waiting.id}", f"it cannot be taken in yet: {reason_of(error)}", logging.ERROR)
    return count


def _take_in(waiting: uploads.WaitingFile) -> Delivery | None:
    with waiting.turn() as still:  # two at once would write to the same file
        delivery = deliver(waiting) if still and not is_known(waiting) else None
        waiting.done()
    return delivery


def is_known(waiting: uploads.WaitingFile) -> bool:
    """Whether it is a delivery already."""
    return Delivery.objects.filter(pk=waiting.id).exists()


def deliver(waiting: uploads.WaitingFile) -> Delivery | None:
    """Make its delivery; None where another process was first. Raises what `receive` raises,
    and FileChanged.

    A file belongs to the connection of its account that has its name. It waits for that connection's time, or for a
    person if the date in its name is older than that of the last file. A file under another name waits for a person if
    the account has or had connections, or has been removed; otherwise it goes on at once.
    """
    with span("hand over", delivery=waiting.id, account=waiting.facts["account"]) as note:
        delivery = _deliver(waiting)
        if delivery:
            note(customer=delivery.customer_id)
        return delivery


def _deliver(waiting: uploads.WaitingFile) -> Delivery | None:
    account = FileAccount.ever.select_related("customer").get(pk=waiting.facts["account"])
    name = waiting.facts["name"]
    connection = find.connection_with_file(account, name, waiting.facts.get("folder", ""))
    if connection:
        waits_for = "date" if is_older_than_last(connection, name) else "hour"
    else:
        had_one = Connection.ever.filter(account=account).exists()
        waits_for = "name" if had_one or account.removed_at else ""
    try:
        with sealed_file.at(waiting.file).in_memory() as copy:
            return receive(
                copy,
                account.customer,
                by=account,
                connection=connection,
                name=name,
                known_as=waiting.id,
                waits_for=waits_for,
                watched=waiting.facts.get("watched", False),
            )
    except IntegrityError:
        Delivery.objects.get(pk=waiting.id)  # if nobody was first, it goes on waiting
        return None
