"""A connection is removed when nothing of it is under way. What came in by it stays, under the name that it had."""

import copy

from django.db import transaction
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.flow import audit, find, permissions
from instroom.flow.connections import runs
from instroom.flow.delivery.states import OUTCOMES
from instroom.flow.names import hold_names
from instroom.flow.safeguards.reach import judge_left_files
from instroom.flow.source_limits import sees_connection
from instroom.store.models import Connection, Customer, Delivery, User


@transaction.atomic
def remove(connection: Connection, *, by: User) -> None:
    """Nothing is expected any more, and its name and file name are free. A file that still comes is kept, and waits for
    a person. Raises NotFound, and NotAllowed while a delivery of it waits or is under way, and where its files would
    need one person less.
    """
    permissions.check(by, "configure", connection.customer)
    hold_names(connection.customer)
    held = find.hold_connection(connection)
    open_ones = Delivery.objects.filter(connection=held, state__in=OUTCOMES["open"]).count()
    if open_ones:
        raise NotAllowed("connection-under-way", name=held.name, count=open_ones)
    runs.stop(held)
    before = copy.copy(held)
    held.removed_at, held.standing_since, held.standing_by = timezone.now(), None, None
    held.save(update_fields=["removed_at", "standing_since", "standing_by"])
    judge_left_files(before, None, by=by)
    audit.note(held.customer, "connection-removed", by, connection=held.name, file=held.file_path)


def removed_of(customer: Customer, *, of: User) -> list[Connection]:
    """Those of a customer that have been removed and that this user may see, the last one first."""
    found = Connection.ever.filter(customer=customer).exclude(removed_at=None).select_related("customer", "account")
    return [one for one in found.order_by("-removed_at") if sees_connection(one, of)]
