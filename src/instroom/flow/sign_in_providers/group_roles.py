"""Roles that follow a provider's groups: given and taken at each sign-in. Those that were given by hand stay."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from instroom.core.errors import NotAllowed
from instroom.flow import audit, two_persons
from instroom.flow.people.members import give_roles, in_order, refuse_without_operator
from instroom.flow.safeguards.relaxing import tell_where_giver_left
from instroom.flow.sign_in_providers.refused import Refused
from instroom.flow.sign_in_providers.tokens import Claims
from instroom.store.models import Customer, Role, SignInProvider, User


def roles_by_groups(provider: SignInProvider, claims: Claims) -> dict[str, list[str]]:
    """The roles, each with the sources to which it is limited; none where a group gives it without a limit.

    Raises Refused where the groups are too many to be named (Entra ID), so that nobody keeps what they have lost.
    """
    overflow = claims.get("_claim_names")
    if claims.get("hasgroups") or (isinstance(overflow, dict) and provider.groups_claim in overflow):
        raise Refused("groups")
    limits: dict[str, list[set[str]]] = {}
    for group in _texts(claims.get(provider.groups_claim)) & provider.groups.keys():
        for role in provider.groups[group]["roles"]:
            limits.setdefault(role, []).append(set(provider.groups[group]["sources"]))
    return {role: sorted(set().union(*found)) if all(found) else [] for role, found in limits.items()}


@transaction.atomic
def follow_groups(provider: SignInProvider, user: User, claims: Claims) -> None:
    """Give and take roles by the groups of today. The last operator stays one. Raises Refused."""
    customer = Customer.objects.select_for_update().get(pk=provider.customer_id)
    wanted, own = roles_by_groups(provider, claims), Role.objects.filter(customer=customer, user=user)
    held, before = dict(own.values_list("name", "from_groups")), _worded(own)
    gone = {name for name, from_groups in held.items() if from_groups and name not in wanted}
    if Role.OPERATOR in gone and _is_last_operator(customer, user):
        gone.discard(Role.OPERATOR)
    new = wanted.keys() - held.keys()
    give_roles(customer, user, new, None)
    own.filter(name__in=new).update(from_groups=True)
    for name, sources in wanted.items():
        own.filter(name=name, from_groups=True).update(sources=sources)
    own.filter(name__in=gone).delete()
    if Role.SUPPLIER in gone:
        two_persons.note_former_supplier(customer, user)
    if before != (after := _worded(own)):
        audit.note(customer, "roles-by-groups", user, before=before, after=after)
        tell_where_giver_left(user)


def _texts(named: Any) -> set[str]:
    if isinstance(named, str):
        return {named}
    return {one for one in named if isinstance(one, str)} if isinstance(named, list) else set()


def _worded(roles: QuerySet[Role]) -> str:
    sources = dict(roles.values_list("name", "sources"))
    return ", ".join(f"{name} ({', '.join(sources[name])})" if sources[name] else name for name in in_order(sources))


def _is_last_operator(customer: Customer, user: User) -> bool:
    try:
        refuse_without_operator(customer, user)
    except NotAllowed:
        return True
    return False
