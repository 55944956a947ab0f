"""Starts the undo of an import (product.md D8): a delivery of its own, with its own preview and approval."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.flow import audit, permissions
from instroom.flow.delivery.arrival import next_number
from instroom.flow.delivery.standing import stand_back
from instroom.flow.delivery.states import UNDOABLE, WITHOUT_EFFECT
from instroom.flow.source_limits import note_sources, refuse_other_sources, sources_for
from instroom.store import database_clock
from instroom.store.models import Delivery, Plan, User
from instroom.store.states import State


@transaction.atomic
def undo(delivery: Delivery, *, by: User) -> Delivery:
    """A delivery that undoes `delivery`; it goes to training next, and to live when it is approved.

    Raises NotFound and NotAllowed, also where an undo of it is under way already.
    """
    permissions.check(by, "undo", delivery.customer)
    refuse_other_sources(delivery, "undo", by)
    number = next_number(delivery.customer)
    refuse_where_nothing_to_undo(delivery)
    sources = sources_for(by, "undo", delivery.customer)
    one = Delivery.objects.create(
        customer=delivery.customer,
        number=number,
        kind=Delivery.UNDO,
        undoes=delivery,
        state=State.TRAINING,
        file_name=delivery.file_name,
        layout=delivery.layout,
        policies=delivery.policies,
        limited_to=None if sources is None else sorted(sources),
        verdict="clean",
        counts=dict.fromkeys(("records", "companies", "persons", "errors", "warnings", "notices"), 0),
        delivered_by=by,
        received_at=database_clock.now(),
    )
    note_sources(one, delivery.sources.values_list("source", flat=True))
    audit.record(one, "undo-asked", by, undoes=str(delivery.pk))
    stand_back(one)
    return one


def refuse_where_nothing_to_undo(delivery: Delivery) -> None:
    """Raise NotAllowed, or keep its values from being removed before the end of the transaction."""
    Delivery.objects.select_for_update().get(pk=delivery.pk)
    if delivery.state not in UNDOABLE:
        raise NotAllowed("nothing-to-undo", state=delivery.state)
    if under_way := _under_way(delivery):
        raise NotAllowed("undo-under-way", delivery=under_way.pk, state=under_way.state)
    if removed := _values_removed_at(delivery):
        raise NotAllowed("undo-values-removed", at=timezone.localtime(removed))


def undos_of(delivery: Delivery) -> list[Delivery]:
    """The deliveries that undo this one, or were to, the last one first."""
    return list(delivery.undone_by.select_related("delivered_by").order_by("-number"))


def is_undoable(delivery: Delivery) -> bool:
    """Whether there is something to undo, and nobody has begun with it."""
    return delivery.state in UNDOABLE and _under_way(delivery) is None and _values_removed_at(delivery) is None


def _under_way(delivery: Delivery) -> Delivery | None:
    return delivery.undone_by.exclude(state__in=WITHOUT_EFFECT).first()


def _values_removed_at(delivery: Delivery) -> datetime | None:
    """Since when what the import changed is not known any more."""
    imported = delivery.plans.filter(state=Plan.IMPORTED, values_removed_at__isnull=False)
    return imported.values_list("values_removed_at", flat=True).first()
