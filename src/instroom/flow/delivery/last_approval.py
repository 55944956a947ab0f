"""What a person last approved on a connection, and what has gone to live without a person since (product.md E3a).

Only a person moves this point: a delivery that goes by itself is measured against the same file as the one before it.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from instroom.core.plan.guards import OF_DOSSIERS, WEEK, ComparedFile, Name, Since, Step, guards_of, named_by
from instroom.core.plan.model import Plan
from instroom.store.models import Connection, Delivery, Environment
from instroom.store.models import Plan as StoredPlan
from instroom.store.sql.plans import latest_touches, load_changes
from instroom.store.states import State


class Approved(NamedTuple):
    """The file that a person last approved, of those that are in live."""

    decided_at: datetime
    imported_at: datetime
    totals: Mapping[str, Any]
    """Of its plan."""


def approved_imports(connection: Connection) -> QuerySet[StoredPlan]:
    """The plans of the connection's files that a person approved and that are in live."""
    return _imports(connection).filter(delivery__decided_by__isnull=False)


def last_approved(connection: Connection) -> Approved | None:
    """None: a person has not approved a file of the connection yet, or it is no longer in live."""
    found = approved_imports(connection).order_by("-delivery__decided_at")
    for decided_at, imported_at, totals in found.values_list("delivery__decided_at", "executed_at", "totals")[:1]:
        if decided_at and imported_at:
            return Approved(decided_at, imported_at, totals)
    return None


def since_approval(
    connection: Connection, approved: Approved, plan: Plan, now: datetime
) -> tuple[Since, datetime | None]:
    """What went by itself in live since the approval: all of the connection's own, and of other connections what
    touched dossiers that this plan names. What a person approved in the meantime does not count. And when a person
    undid, on whatever connection, what was done to a dossier that this plan would change again."""
    imports = StoredPlan.objects.filter(
        environment__customer=connection.customer_id,
        environment__name=Environment.LIVE,
        state=StoredPlan.IMPORTED,
        executed_at__gt=approved.decided_at,
    ).order_by("-executed_at")
    automatic = imports.filter(delivery__automatic=True)
    named = {seen.dossier for seen in (*plan.companies, *plan.persons)}
    others = _steps(automatic.exclude(delivery__connection=connection), connection, named)
    steps = _steps(automatic.filter(delivery__connection=connection), connection)
    steps += [step for step in others if any(step.touched.values())]
    steps.sort(key=lambda step: step.at, reverse=True)
    companies, persons = named_by(approved.totals)
    since = Since(companies + persons, persons, steps, _largest(connection, approved, now))
    return since, _taken_back(imports.filter(delivery__kind=Delivery.UNDO), plan)


def _steps(imports: QuerySet[StoredPlan], connection: Connection, named: Collection[str] | None = None) -> list[Step]:
    """What each import did, the last one first, on the clock of the connection; to dossiers that are `named`, where
    that is given."""
    zone, plans = ZoneInfo(connection.zone), list(imports.values_list("pk", "executed_at"))
    touched: list[dict[Name, set[str]]] = [{name: set() for name in OF_DOSSIERS} for _ in plans]
    for place, dossier, action, link, sensitive in latest_touches([plan for plan, _ in plans]):
        if named is None or dossier in named:
            for name in guards_of(action, link, sensitive):
                touched[place][name].add(dossier)
    return [Step(at.astimezone(zone), found) for (_, at), found in zip(plans, touched, strict=True) if at]


def _taken_back(undos: QuerySet[StoredPlan], plan: Plan) -> datetime | None:
    """When the last one was executed that touched a key which the plan changes."""
    keys = {(change.kind, change.key) for change in plan.changes}
    for undo in undos.order_by("-executed_at"):
        if any((change.kind, change.key) in keys for change in load_changes(undo)):
            return undo.executed_at
    return None


def _largest(connection: Connection, approved: Approved, now: datetime) -> ComparedFile | None:
    """Of the approved file, the last one and those of a week: the one with the most records."""
    zone = ZoneInfo(connection.zone)
    files = _imports(connection).filter(executed_at__gte=approved.imported_at).order_by("-executed_at")
    compared = [
        ComparedFile(counts["records"], at.astimezone(zone) if place else None, place + 1)
        for place, (at, counts) in enumerate(files.values_list("executed_at", "delivery__counts"))
        if at and (place == 0 or at >= now - WEEK or at == approved.imported_at)
    ]
    return max(compared, key=lambda file: file.records, default=None)


def _imports(connection: Connection) -> QuerySet[StoredPlan]:
    """The plans of the connection's files that are in live."""
    return StoredPlan.objects.filter(
        delivery__connection=connection,
        delivery__kind=Delivery.FILE,
        delivery__state=State.IMPORTED,
        environment__name=Environment.LIVE,
        state=StoredPlan.IMPORTED,
    )
