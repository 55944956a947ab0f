"""An operator has a delivery tried again that has failed (product.md D7)."""

from typing import Any

from django.db import transaction

from instroom.core.errors import NotAllowed
from instroom.flow import audit, permissions
from instroom.flow.delivery.overtaking import newest_past
from instroom.flow.delivery.transitions import FIRST_TRY, UNDECIDED, move
from instroom.flow.delivery.undo import refuse_where_nothing_to_undo
from instroom.flow.source_limits import refuse_other_sources
from instroom.store.models import Delivery, User
from instroom.store.states import State


@transaction.atomic
def retry(delivery: Delivery, *, by: User) -> None:
    """Begin again with the check; an undo, with its import in training. An approval that it had is given anew.

    Raises NotFound, and NotAllowed also where that cannot help.
    """
    permissions.check(by, "retry", delivery.customer)
    refuse_other_sources(delivery, "retry", by)
    if delivery.state != State.FAILED:
        raise NotAllowed("nothing-to-retry", state=delivery.state)
    if delivery.undoes:
        refuse_where_nothing_to_undo(delivery.undoes, delivery.only_dossier)
    elif delivery.file_removed_at:
        raise NotAllowed("retry-without-file")
    elif newer := delivery.corrected_by.order_by("number").last():
        raise NotAllowed("retry-corrected", delivery=newer.pk)
    elif delivery.connection and (newer := newest_past(delivery, delivery.connection)):
        raise NotAllowed("retry-overtaken", delivery=newer.pk, name=delivery.connection.name)
    after = State.TRAINING if delivery.undoes else State.RECEIVED
    unchecked: dict[str, Any] = {} if delivery.undoes else {"verdict": "", "counts": {}}
    move(delivery, after, reason="", finished_at=None, due_at=None, **unchecked, **UNDECIDED, **FIRST_TRY)
    audit.record(delivery, "retried", by)
