"""A delivery by column beside the last file of its connection that was imported (product.md D3)."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from instroom.core.fields import FIELDS, Kind
from instroom.core.language import Language
from instroom.core.layout.loader import Layout
from instroom.core.plan.columns import Columns, FieldCounts, Jump, KindCounts, from_json, jumps
from instroom.core.report.columns_text import jump_text
from instroom.flow import delivery_document
from instroom.store.models import Delivery, Environment, Plan
from instroom.store.states import State

_NOTHING = FieldCounts(0, 0, 0, 0, 0)


class DeliveryColumns(NamedTuple):
    """What a file holds by column, as its plan against live has counted it."""

    now: Columns
    before: Columns
    """Of the last file that was imported; empty where there was none."""
    jumps: list[Jump]
    last: Delivery | None
    """That file."""


def columns_of(plan: Plan | None) -> DeliveryColumns | None:
    """Of a plan against live; None where there is none, or none of a file."""
    now = from_json(plan.totals.get("columns", {})) if plan else {}
    if plan is None or not now:
        return None
    delivery = plan.delivery
    last = (
        Delivery.objects.filter(
            customer=delivery.customer,
            connection=delivery.connection,
            kind=Delivery.FILE,
            state=State.IMPORTED,
            number__lt=delivery.number,
        )
        .order_by("-number")
        .first()
    )
    plan_before = delivery_document.plan_of(last, Environment.LIVE) if last else None
    before = from_json(plan_before.totals.get("columns", {})) if plan_before else {}
    return DeliveryColumns(now, before, jumps(now, before), last if before else None)


def document(found: DeliveryColumns, layout: Layout, lang: Language) -> dict[str, Any]:
    """For programs: each field that is filled in this file or was in the one before, and what jumps, in words too."""
    return {
        "compared_with": str(found.last.pk) if found.last else None,
        "jumps": [one._asdict() | {"message": jump_text(one._asdict(), layout, lang)} for one in found.jumps],
        "companies": _kind_document(found, "company"),
        "persons": _kind_document(found, "person"),
    }


def fields_of(found: DeliveryColumns, kind: Kind) -> Iterable[tuple[str, FieldCounts, FieldCounts]]:
    """Each field that is filled now or was before, with its counts of both, in the order of the fields."""
    now, before = (columns[kind].fields if kind in columns else {} for columns in (found.now, found.before))
    for name in FIELDS[kind]:
        if name in now or name in before:
            yield name, now.get(name, _NOTHING), before.get(name, _NOTHING)


def _kind_document(found: DeliveryColumns, kind: Kind) -> dict[str, Any]:
    counts = found.now.get(kind, KindCounts(0, 0, {}))
    last = found.before.get(kind, KindCounts(0, 0, {})) if found.last else None
    return {
        "dossiers": counts.dossiers,
        "new": counts.new,
        "before": {"dossiers": last.dossiers, "new": last.new} if last else None,
        "fields": [
            {"field": name, **now._asdict(), "before": before._asdict() if found.last else None}
            for name, now, before in fields_of(found, kind)
        ],
    }
