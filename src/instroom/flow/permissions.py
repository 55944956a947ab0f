"""May this person do this, for this customer? (product.md G2)"""

from typing import Final

from instroom.core.errors import NotAllowed
from instroom.store.models import Customer, Role, User

MAY: Final[dict[str, frozenset[str]]] = {
    "deliver": frozenset({Role.OPERATOR, Role.SUPPLIER}),
    "withdraw": frozenset({Role.OPERATOR, Role.SUPPLIER}),
    "approve": frozenset({Role.OPERATOR, Role.APPROVER}),
    "refuse": frozenset({Role.OPERATOR, Role.APPROVER}),
    "undo": frozenset({Role.OPERATOR, Role.APPROVER}),
    "refresh": frozenset({Role.OPERATOR}),
    "oversee": frozenset({Role.OPERATOR}),
    "configure": frozenset({Role.OPERATOR}),
    "manage-users": frozenset({Role.OPERATOR}),
    "manage-tokens": frozenset(Role.NAMES),
    "manage-customers": frozenset(),
    "see-webhooks": frozenset({Role.OPERATOR, Role.SUPPLIER}),
    "read": frozenset(Role.NAMES),
}
"""The roles that allow an action. What no role allows is for site operators."""


def check(user: User, action: str, customer: Customer) -> None:
    """Raise NotAllowed where no role of the user for the customer allows the action, or the account is closed."""
    if action in allowed(user, customer):
        return
    if not MAY[action]:
        raise NotAllowed("not-site-operator", user=user.username)
    raise NotAllowed(
        "role-needed", user=user.username, action=action, customer=customer.name, roles=sorted(MAY[action])
    )


def check_site_operator(user: User) -> None:
    """Raise NotAllowed for anybody but who runs the site, and not only some of its customers."""
    if not User.objects.filter(pk=user.pk, is_active=True, is_superuser=True).exists():
        raise NotAllowed("not-site-operator", user=user.username)


def allowed(user: User, customer: Customer) -> frozenset[str]:
    """All that a user may do for a customer; nothing without a role there, or for a closed account."""
    found = Role.objects.filter(customer=customer, user=user, user__is_active=True)
    roles = set(found.values_list("name", flat=True))
    of_site = bool(roles) and user.is_superuser
    return frozenset(action for action, able in MAY.items() if roles & able or (of_site and not able))
