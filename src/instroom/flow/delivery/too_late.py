"""Of two people who decide at the same moment, the second reads who was first, and when."""

from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.flow.delivery.states import RELEASABLE
from instroom.flow.delivery.transitions import not_from
from instroom.store.models import Delivery
from instroom.store.states import State


def comes_too_late(delivery: Delivery, wish: State | None) -> NotAllowed:
    """Why a decision is not taken, as the database has the delivery now: one of the two has read what is no longer so.
    Without a `wish` for a state it is another moment, or none, for an approval that has one.
    """
    now = Delivery.objects.select_related("decided_by").get(pk=delivery.pk)
    if wish is None and now.state != State.SCHEDULED:
        return NotAllowed("not-scheduled", state=now.state)
    if now.decided_by is None or now.decided_at is None:
        return not_from(State(now.state), wish) if wish else NotAllowed("not-scheduled", state=now.state)
    by, at = now.decided_by.called, timezone.localtime(now.decided_at)
    if wish is None:
        return NotAllowed("rescheduled-before", by=by, at=at)
    if now.state in RELEASABLE:
        return NotAllowed("approved-before", by=by, at=at)
    if now.state == State.REFUSED:
        return NotAllowed("refused-before", by=by, at=at)
    if now.state == State.WITHDRAWN:
        return NotAllowed("withdrawn-before", by=by, at=at)
    return not_from(State(now.state), wish)
