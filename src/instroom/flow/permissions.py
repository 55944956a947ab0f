"""May this person, or the program that works for them, do this for this customer? (product.md G2)"""

from typing import Final

from instroom.core.errors import CustomerMoving, NotAllowed
from instroom.flow.acting import only_customer, program_of
from instroom.store.models import Customer, Role, User

MAY: Final[dict[str, frozenset[str]]] = {
    "deliver": frozenset({Role.OPERATOR, Role.SUPPLIER}),
    "withdraw": frozenset({Role.OPERATOR, Role.SUPPLIER}),
    "comment": frozenset({Role.OPERATOR, Role.SUPPLIER, Role.APPROVER}),
    "approve": frozenset({Role.OPERATOR, Role.APPROVER}),
    "refuse": frozenset({Role.OPERATOR, Role.APPROVER}),
    "undo": frozenset({Role.OPERATOR, Role.APPROVER}),
    "retry": frozenset({Role.OPERATOR}),
    "refresh": frozenset({Role.OPERATOR}),
    "oversee": frozenset({Role.OPERATOR}),
    "privacy": frozenset({Role.OPERATOR}),
    "configure": frozenset({Role.OPERATOR}),
    "manage-users": frozenset({Role.OPERATOR}),
    "manage-tokens": frozenset(Role.NAMES),
    "manage-customers": frozenset(),
    "see-webhooks": frozenset({Role.OPERATOR, Role.SUPPLIER}),
    "read": frozenset(Role.NAMES),
    "look-up": frozenset({Role.OPERATOR, Role.APPROVER, Role.READER, Role.EXPORTER}),
    "export": frozenset({Role.OPERATOR, Role.EXPORTER}),
}
"""The roles that allow an action. What no role allows is for site operators."""
OF_SOURCES: Final = frozenset(
    {
        "deliver",
        "withdraw",
        "comment",
        "approve",
        "refuse",
        "undo",
        "retry",
        "manage-tokens",
        "read",
        "look-up",
        "export",
    }
)
"""What somebody can do who is limited to sources (product.md G5). The rest touches all of a customer."""


class ScopeNeeded(NotAllowed):
    """The user may do it, and the program that acts for them may not."""


def refuse_moving(customer: Customer) -> None:
    """Raise CustomerMoving while the customer moves to another site: see `flow.moving`."""
    if customer.move:
        raise CustomerMoving()


def check(user: User, action: str, customer: Customer) -> None:
    """Raise NotAllowed where no role of the user for the customer allows the action, or the account is closed, and
    ScopeNeeded where the token of the program that acts for the user does not."""
    if action in allowed(user, customer):
        return
    if (program := program_of(user)) and action in rights_of(user, customer):
        raise ScopeNeeded("scope-needed", program=program.name, action=action, customer=customer.name)
    if not MAY[action]:
        raise NotAllowed("not-site-operator", user=user.username)
    raise NotAllowed(
        "role-needed", user=user.username, action=action, customer=customer.name, roles=sorted(MAY[action])
    )


def check_site_operator(user: User) -> None:
    """Raise NotAllowed for anybody but who runs the site, and not only some of its customers; and for a program without
    the scope to manage customers."""
    program = program_of(user)
    if program and "manage-customers" not in program.scopes:
        raise ScopeNeeded("scope-needed", program=program.name, action="manage-customers", customer="Instroom")
    if only_customer(user) or not User.objects.filter(pk=user.pk, is_active=True, is_superuser=True).exists():
        raise NotAllowed("not-site-operator", user=user.username)


def allowed(user: User, customer: Customer) -> frozenset[str]:
    """All that a user may do for a customer; nothing without a role there, or for a closed account. Of a program that
    acts for the user, no more than the scopes of its token, for the customer of its token; of who came by a customer's
    provider, nothing elsewhere and nothing of the site. Raises CustomerMoving."""
    rights = rights_of(user, customer)
    if rights:
        refuse_moving(customer)
    if only := only_customer(user):
        return frozenset(one for one in rights if MAY[one]) if only == customer.pk else frozenset()
    if program := program_of(user):
        rights = rights & OF_SOURCES if program.sources else rights
        scopes = {*program.scopes, *(["look-up"] if "read" in program.scopes else [])}
        return rights & scopes if program.customer_id == customer.pk else frozenset()
    return rights


def rights_of(user: User, customer: Customer) -> frozenset[str]:
    """What the roles of a user allow for a customer, whoever asks."""
    found = Role.objects.filter(customer=customer, user=user, user__is_active=True)
    limited = {name: bool(sources) for name, sources in found.values_list("name", "sources")}
    unlimited = {name for name in limited if not limited[name]}
    of_site = bool(unlimited) and user.is_superuser
    return frozenset(
        action
        for action, able in MAY.items()
        if able & (limited.keys() if action in OF_SOURCES else unlimited) or (of_site and not able)
    )
