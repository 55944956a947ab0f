"""Roles that follow a provider's groups: given and taken at each sign-in. Those that were given by hand stay."""

from django.db import transaction

from instroom.core.errors import NotAllowed
from instroom.flow import audit, two_persons
from instroom.flow.people.members import give_roles, in_order, refuse_without_operator
from instroom.flow.safeguards.relaxing import tell_where_giver_left
from instroom.flow.sign_in_providers.refused import Refused
from instroom.flow.sign_in_providers.tokens import Claims
from instroom.store.models import Customer, Role, SignInProvider, User


def roles_by_groups(provider: SignInProvider, claims: Claims) -> list[str]:
    """Raises Refused where the groups are too many to be named (Entra ID), so that nobody keeps what they have lost."""
    named = claims.get(provider.groups_claim, [])
    overflow = claims.get("_claim_names")
    if claims.get("hasgroups") or (isinstance(overflow, dict) and provider.groups_claim in overflow):
        raise Refused("groups")
    groups = {named} if isinstance(named, str) else {one for one in named if isinstance(one, str)}
    return in_order({role for group in groups & provider.groups.keys() for role in provider.groups[group]})


@transaction.atomic
def follow_groups(provider: SignInProvider, user: User, claims: Claims) -> None:
    """Give and take roles by the groups of today. The last operator stays one. Raises Refused."""
    customer = Customer.objects.select_for_update().get(pk=provider.customer_id)
    wanted = set(roles_by_groups(provider, claims))
    held = dict(Role.objects.filter(customer=customer, user=user).values_list("name", "from_groups"))
    gone = {name for name, from_groups in held.items() if from_groups and name not in wanted}
    if Role.OPERATOR in gone and _is_last_operator(customer, user):
        gone.discard(Role.OPERATOR)
    if new := wanted - held.keys():
        give_roles(customer, user, new, None)
        Role.objects.filter(customer=customer, user=user, name__in=new).update(from_groups=True)
    Role.objects.filter(customer=customer, user=user, name__in=gone).delete()
    if Role.SUPPLIER in gone:
        two_persons.note_former_supplier(customer, user)
    if new or gone:
        before, after = in_order(held), in_order((held.keys() | new) - gone)
        audit.note(customer, "roles-by-groups", user, before=", ".join(before), after=", ".join(after))
        tell_where_giver_left(user)


def _is_last_operator(customer: Customer, user: User) -> bool:
    try:
        refuse_without_operator(customer, user)
    except NotAllowed:
        return True
    return False
