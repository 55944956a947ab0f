"""A newer delivery takes the place of an older one that still waits (product.md D7)."""

from django.db.models import Q
from django.utils import timezone

from instroom.flow import audit
from instroom.flow.delivery.states import REPLACEABLE
from instroom.flow.delivery.transitions import move
from instroom.flow.earlier_versions import may_be_confirmed
from instroom.store.models import Delivery
from instroom.store.sql.versions import ids_of_versions
from instroom.store.states import State


def supersede_older(delivery: Delivery) -> None:
    """A newer delivery supersedes an older one of its connection that still waits, a corrected file the version before
    it: only once it waits itself, so that a rejected one takes nothing away. One that is held for having fewer records
    does so once somebody has let it go on: until then it supersedes only what is held for the same."""
    same = Q(connection=delivery.connection_id) if delivery.connection_id else Q()
    if delivery.corrects_id:
        same |= Q(pk__in=ids_of_versions(delivery))
    if not same:
        return
    older = Delivery.objects.filter(
        same, customer=delivery.customer_id, kind=Delivery.FILE, state__in=REPLACEABLE, number__lt=delivery.number
    )
    for one in older:
        if may_be_confirmed(delivery) and not may_be_confirmed(one):
            continue
        move(one, State.SUPERSEDED, finished_at=timezone.now())
        audit.record(one, "superseded", by=str(delivery.pk))
