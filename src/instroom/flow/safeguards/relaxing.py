"""A change that relaxes a safeguard is an approval (product.md D3, E3): who makes it must be allowed to approve, and
all who decide for the customer are told. Where two-person approval is agreed on, it waits for a second person."""

from typing import Any, Final

from django.utils import timezone

from instroom.core.safeguards import POLICIES, Safeguards, relaxed
from instroom.flow import audit, permissions
from instroom.flow.news import safeguard_news
from instroom.flow.policies import of_approval
from instroom.flow.source_limits import sources_for
from instroom.store.models import Connection, Customer, Proposal, User

Guarded = Connection | Customer
"""What has safeguards."""
MISSING: Final = None
"""In the settings of a proposal: a policy or guard of its own that goes away."""


def safeguards_of(one: Guarded) -> Safeguards:
    """The safeguards as they are in force, of a connection or of a customer."""
    if isinstance(one, Customer):
        return Safeguards(of_approval(one.policies))
    return Safeguards(of_approval(one.customer.policies, one.policies), one.guards, is_standing(one))


def is_standing(connection: Connection) -> bool:
    """Whether there is a standing approval, and who gave it may still approve."""
    return connection.standing_since is not None and not giver_left(connection)


def giver_left(connection: Connection) -> bool:
    """Whether there is a standing approval of somebody who may not approve any more, or not for all sources."""
    giver = connection.standing_by
    return connection.standing_since is not None and (
        giver is None
        or "approve" not in permissions.rights_of(giver, connection.customer)
        or sources_for(giver, "approve", connection.customer) is not None
    )


def tell_where_giver_left(user: User) -> None:
    """Tell the operators of the connections whose standing approval is of this user, who may not approve any more. In a
    transaction of the caller, who took that right."""
    for connection in Connection.objects.filter(standing_by=user).select_related("customer", "standing_by"):
        if giver_left(connection):
            safeguard_news.tell_giver_left(connection)


def needs_second_person(one: Guarded) -> bool:
    """Whether what relaxes its safeguards waits for somebody else: of a customer also where one of its connections asks
    for two persons, as its policies may hold for that one."""
    if isinstance(one, Customer) and Connection.objects.filter(customer=one, policies__approver_differs=True).exists():
        return True
    return safeguards_of(one).approval.approver_differs


def settle(changed: Guarded, before: Guarded, *, by: User) -> Proposal | None:
    """Judge a change that is made in memory, in the transaction that keeps it. What it relaxes is taken back, and
    proposed, where two-person approval was agreed on; otherwise people are told, and None is given.

    Raises NotAllowed where something is relaxed and the person, or the program, may not approve.
    """
    relaxes = relaxed(safeguards_of(before), safeguards_of(changed))
    if not relaxes:
        return None
    permissions.check(by, "approve", _customer(changed))
    if needs_second_person(before):
        settings = _take_back(changed, before, relaxes)
        return _propose(changed, relaxes, settings, by)
    safeguard_news.tell("safeguards-relaxed", _customer(changed), _connection(changed), relaxes, by)
    return None


def put(one: Guarded, settings: dict[str, Any], by: User) -> None:
    """Set what a proposal wants, in memory; a standing approval is that of `by`, who decides."""
    for column in ("policies", "guards"):
        if column in settings:
            merged = {**getattr(one, column), **settings[column]}
            setattr(one, column, {name: value for name, value in merged.items() if value is not MISSING})
    if "standing" in settings and isinstance(one, Connection):
        one.standing_since, one.standing_by = timezone.now(), by


def _take_back(changed: Guarded, before: Guarded, relaxes: dict[str, Any]) -> dict[str, Any]:
    """Leave what is relaxed as it was. Gives the settings that it was to get."""
    settings: dict[str, Any] = {}
    policies = [policy for name in relaxes for policy in POLICIES.get(name, ())]
    guards = [name for name in relaxes if name != "standing" and name not in POLICIES]
    for column, names in (("policies", policies), ("guards", guards)):
        if names:
            old, new = getattr(before, column), getattr(changed, column)
            settings[column] = {name: new.get(name, MISSING) for name in names}
            kept = {**new, **{name: old.get(name, MISSING) for name in names}}
            setattr(changed, column, {name: value for name, value in kept.items() if value is not MISSING})
    if "standing" in relaxes and isinstance(changed, Connection) and isinstance(before, Connection):
        settings["standing"] = True
        changed.standing_since, changed.standing_by = before.standing_since, before.standing_by
    return settings


def _propose(changed: Guarded, relaxes: dict[str, Any], settings: dict[str, Any], by: User) -> Proposal:
    """Keep it as a proposal. One that wants the same already stays; one that wants something else of the same safeguard
    makes way."""
    customer, connection = _customer(changed), _connection(changed)
    for one in Proposal.objects.filter(customer=customer, connection=connection, state=Proposal.WAITING):
        if (one.relaxes, one.settings, one.asked_by_id) == (relaxes, settings, by.pk):
            return one
        if one.relaxes.keys() & relaxes.keys():
            one.state, one.decided_at = Proposal.REPLACED, timezone.now()
            one.save(update_fields=["state", "decided_at"])
    made = Proposal.objects.create(
        customer=customer,
        connection=connection,
        relaxes=relaxes,
        settings=settings,
        asked_by=by,
        asked_at=timezone.now(),
    )
    audit.note(customer, "relaxation-proposed", by, connection=connection and connection.name, changed=relaxes)
    safeguard_news.tell("safeguards-proposed", customer, connection, relaxes, by)
    return made


def _customer(one: Guarded) -> Customer:
    return one if isinstance(one, Customer) else one.customer


def _connection(one: Guarded) -> Connection | None:
    return one if isinstance(one, Connection) else None
