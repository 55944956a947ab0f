"""The list of a customer's deliveries: what each did, with its earlier versions and failed tries folded under it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import DateTimeField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, UUIDField, Value
from django.db.models.functions import Coalesce

from instroom.core.keys import file_key
from instroom.flow.comments import with_questions
from instroom.flow.delivery.states import LIST_GROUPS, TO_CHOOSE
from instroom.flow.paging import Page, bounds
from instroom.flow.site_clock import moment_on
from instroom.flow.source_limits import visible
from instroom.flow.waits import FOR_A_PERSON
from instroom.store.models import Customer, Delivery, Environment, Plan, User
from instroom.store.sql.versions import earlier_versions
from instroom.store.states import State

_NONE: Final = Value(UUID(int=0), output_field=UUIDField())
_ON_A_PAGE: Final = 50
_TRIED_WITHIN: Final = timedelta(hours=4)
_TRIED_AMONG: Final = 20
"""Deliveries of the customer in which the next try is looked for: so the time does not grow with their number."""


class ListFilter(NamedTuple):
    """Which deliveries a person wants to see; what is blank leaves none out."""

    group: str = ""
    """As for `in_group`."""
    file: str = ""
    """Any part of the name of the file."""
    by: UUID | None = None
    """Who delivered it."""
    since: date | None = None
    until: date | None = None
    """The last day, on the clock of this site."""


class ListedDelivery(NamedTuple):
    """A line of the list."""

    delivery: Delivery
    totals: Mapping[str, Any] | None
    """What its plan against live does; None where there is none."""
    versions: list[Delivery]
    """The earlier ones, the newest first."""
    tries: list[Delivery]
    """The rejected files that came before it, the newest first."""


def deliveries(customer: Customer, wanted: ListFilter, number: int = 1, *, by: User) -> Page[ListedDelivery]:
    """A page of a customer's deliveries that somebody may see, the newest first.

    A version that was corrected stands under the one that corrects it. So does a person's rejected file under the next
    one that they delivered for the same connection within four hours, where that has the same name or is rejected too.
    """
    seen = visible(Delivery.objects.filter(customer=customer), customer, by)
    matching = _matching(seen, wanted)  # what is folded stands under something that is shown
    found = matching.annotate(is_try=_is_try(matching))
    heads = found.filter(is_try=False).exclude(pk__in=matching.filter(corrects__isnull=False).values("corrects"))
    number, pages, part = bounds(number, total := heads.count(), _ON_A_PAGE)
    named = heads.select_related("delivered_by", "connection", "undoes")
    shown = list(with_questions(named).order_by("-number")[part])
    versions = _versions(seen, shown)
    folded = {one.pk for some in versions.values() for one in some}
    tries, totals = _tries(found, shown, folded), _totals(shown)
    items = [ListedDelivery(one, totals.get(one.pk), versions[one.pk], tries[one.pk]) for one in shown]
    return Page(items, number, pages, total)


def people_who_delivered(customer: Customer, *, by: User) -> list[User]:
    """Those by whom somebody may narrow the list, by name."""
    seen = visible(Delivery.objects.filter(customer=customer), customer, by)
    return sorted(User.objects.filter(pk__in=seen.values("delivered_by")), key=lambda user: user.called.casefold())


def in_group(found: QuerySet[Delivery], group: str) -> QuerySet[Delivery]:
    """Those of one of LIST_GROUPS, or of TO_CHOOSE; all for any other text."""
    if group == TO_CHOOSE:
        return found.filter(state=State.RECEIVED, waits_for__in=FOR_A_PERSON)
    if group not in LIST_GROUPS:
        return found
    found = found.filter(state__in=LIST_GROUPS[group])
    return found.exclude(waits_for__in=FOR_A_PERSON) if State.RECEIVED in LIST_GROUPS[group] else found


def _matching(seen: QuerySet[Delivery], wanted: ListFilter) -> QuerySet[Delivery]:
    seen = in_group(seen, wanted.group)
    if wanted.file:
        seen = seen.filter(file_name_key__contains=file_key(wanted.file))
    if wanted.by:
        seen = seen.filter(delivered_by=wanted.by)
    if wanted.since:
        seen = seen.filter(received_at__gte=moment_on(wanted.since))
    if wanted.until:
        seen = seen.filter(received_at__lt=moment_on(wanted.until + timedelta(days=1)))
    return seen


def _is_try(found: QuerySet[Delivery]) -> Q:
    """Of a rejected file: whether its sender soon tried again, so that nothing is hidden but what was tried anew."""
    soon = ExpressionWrapper(OuterRef("received_at") + Value(_TRIED_WITHIN), output_field=DateTimeField())
    # Of these two expressions there is no index: so the next ones are found by their number, whoever sent how many.
    later = found.annotate(sender=Coalesce("delivered_by", _NONE), under=Coalesce("connection", _NONE))
    again = later.filter(
        Q(file_name_key=OuterRef("file_name_key")) | Q(state=State.REJECTED),
        kind=Delivery.FILE,
        sender=OuterRef("delivered_by"),
        under=Coalesce(OuterRef("connection"), _NONE),
        number__gt=OuterRef("number"),
        number__lte=OuterRef("number") + _TRIED_AMONG,
        received_at__lte=soon,
    )
    return Q(Exists(again), state=State.REJECTED, kind=Delivery.FILE, delivered_by__isnull=False)


def _versions(seen: QuerySet[Delivery], shown: Collection[Delivery]) -> dict[UUID, list[Delivery]]:
    ids = earlier_versions([one.pk for one in shown])
    earlier = {one.pk: one for one in seen.filter(pk__in=[pk for some in ids.values() for pk in some])}
    return {
        one.pk: sorted(
            (earlier[pk] for pk in ids.get(one.pk, ()) if pk in earlier), key=lambda it: it.number, reverse=True
        )
        for one in shown
    }


def _tries(
    found: QuerySet[Delivery], shown: Sequence[Delivery], folded: Collection[UUID]
) -> dict[UUID, list[Delivery]]:
    """Each try under the next delivery of its sender that is none, for the same connection."""
    tries: dict[UUID, list[Delivery]] = {one.pk: [] for one in shown}
    if not shown:
        return tries
    first, last = shown[-1].number - _ON_A_PAGE * _TRIED_AMONG, shown[0].number
    senders = {one.delivered_by_id for one in shown if one.delivered_by_id}
    near = found.filter(delivered_by__in=senders, number__gt=first, number__lte=last).order_by("-number")
    under: dict[tuple[UUID | None, UUID | None], UUID] = {}
    needed = ("number", "state", "file_name", "received_at", "delivered_by", "connection", "undoes", "only_dossier")
    for one in near.only(*needed):
        key = one.delivered_by_id, one.connection_id
        if not one.is_try:  # type: ignore[attr-defined] # as annotated
            under[key] = one.pk
        elif one.pk not in folded and under.get(key) in tries:
            tries[under[key]].append(one)
    return tries


def _totals(shown: Collection[Delivery]) -> dict[UUID, Mapping[str, Any]]:
    plans = Plan.objects.filter(delivery__in=shown, environment__name=Environment.LIVE).exclude(state=Plan.OUTDATED)
    return dict(plans.order_by("pk").values_list("delivery_id", "totals"))
