"""Starts the undo of an import (product.md D8): a delivery of its own, with its own preview and approval."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.core.plan.model import Change
from instroom.flow import audit, find, permissions
from instroom.flow.delivery.arrival import next_number
from instroom.flow.delivery.planning import plan_of_undo
from instroom.flow.delivery.standing import stand_back
from instroom.flow.delivery.states import UNDOABLE, WITHOUT_EFFECT
from instroom.flow.source_limits import note_sources, refuse_other_sources, sources_for
from instroom.store import database_clock
from instroom.store.models import Company, Delivery, Environment, Plan, StoredChange, User
from instroom.store.sql import records
from instroom.store.states import State


@transaction.atomic
def undo(delivery: Delivery, *, by: User, only: UUID | None = None) -> Delivery:
    """A delivery that undoes `delivery`, or restores `only` one dossier, by its id in live, to what it was before that;
    it goes to training next, and to live when it is approved.

    Raises NotFound and NotAllowed, also where an undo of it is under way, or nothing of the dossier can go back.
    """
    permissions.check(by, "undo", delivery.customer)
    refuse_other_sources(delivery, "undo", by)
    number = next_number(delivery.customer)
    refuse_where_nothing_to_undo(delivery, only)
    own = [] if only is None else [_restorable(delivery, only).key[0]]
    sources = sources_for(by, "undo", delivery.customer)
    one = Delivery.objects.create(
        customer=delivery.customer,
        number=number,
        kind=Delivery.UNDO,
        undoes=delivery,
        only_dossier=only,
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
    note_sources(one, own or delivery.sources.values_list("source", flat=True))
    audit.record(one, "undo-asked", by, undoes=str(delivery.pk), **({"dossier": only.hex} if only else {}))
    stand_back(one)
    return one


def refuse_where_nothing_to_undo(delivery: Delivery, only: UUID | None = None) -> None:
    """Raise NotAllowed, or keep its values from being removed before the end of the transaction."""
    Delivery.objects.select_for_update().get(pk=delivery.pk)
    if delivery.state not in ((State.IMPORTED,) if only else UNDOABLE):
        raise NotAllowed("nothing-to-undo", state=delivery.state)
    if under_way := _under_way(delivery, only):
        raise NotAllowed("undo-under-way", delivery=under_way.pk, state=under_way.state)
    if removed := _values_removed_at(delivery):
        raise NotAllowed("undo-values-removed", at=timezone.localtime(removed))


def undos_of(delivery: Delivery) -> list[Delivery]:
    """The deliveries that undo this one, or were to, the last one first."""
    return list(delivery.undone_by.select_related("delivered_by").order_by("-number"))


def is_undoable(delivery: Delivery) -> bool:
    """Whether there is something to undo, and nobody has begun with it."""
    return delivery.state in UNDOABLE and _under_way(delivery) is None and _values_removed_at(delivery) is None


def _under_way(delivery: Delivery, only: UUID | None = None) -> Delivery | None:
    """An undo that has begun or stands. Of a restored dossier, only one that is not done yet: then another may be
    restored meanwhile, and all of them after it."""
    others = delivery.undone_by.exclude(state__in=WITHOUT_EFFECT)
    restoring = others.exclude(state=State.IMPORTED).filter(only_dossier__isnull=False)
    if only:
        restoring = restoring.filter(only_dossier=only)
    return others.filter(only_dossier=None).first() or restoring.first()


def _restorable(delivery: Delivery, dossier: UUID) -> Change:
    """The change that restores one dossier in live. Raises NotAllowed where there is none, with what stands in the
    way."""
    live = find.environment(delivery.customer, Environment.LIVE)
    plan = plan_of_undo(Delivery(customer=delivery.customer, undoes=delivery, only_dossier=dossier), live)
    for change in plan.changes:
        return change
    kept = plan.totals["kept"]
    if not kept:
        raise NotAllowed("dossier-not-changed")
    if not kept[0]["fields"] and records.load_linked([dossier.hex]):
        raise NotAllowed("company-has-persons")
    if any(one["fields"] == ("company",) for one in kept) and not _company_before_is_there(delivery, dossier):
        raise NotAllowed("company-has-gone")
    raise NotAllowed("dossier-changed-since")


def _company_before_is_there(delivery: Delivery, person: UUID) -> bool:
    change = StoredChange.objects.get(
        plan__delivery=delivery, plan__environment__name=Environment.LIVE, plan__state=Plan.IMPORTED, dossier=person
    )
    return change.company_before is None or Company.objects.filter(pk=change.company_before).exists()


def _values_removed_at(delivery: Delivery) -> datetime | None:
    """Since when what the import changed is not known any more."""
    imported = delivery.plans.filter(state=Plan.IMPORTED, values_removed_at__isnull=False)
    return imported.values_list("values_removed_at", flat=True).first()
