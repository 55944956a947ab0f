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
    "see-webhooks": frozenset({Role.OPERATOR, Role.SUPPLIER}),
    "read": frozenset(Role.NAMES),
}

_DUTCH: Final = {
    "deliver": "aanleveren",
    "withdraw": "intrekken",
    "approve": "goedkeuren",
    "refuse": "weigeren",
    "undo": "terugdraaien",
    "refresh": "training verversen",
    "oversee": "het logboek inzien",
    "configure": "instellingen wijzigen",
    "manage-users": "gebruikers beheren",
    "see-webhooks": "webhooks inzien",
    "read": "dossiers inzien",
    Role.OPERATOR: "beheerder",
    Role.SUPPLIER: "aanleveraar",
    Role.APPROVER: "goedkeurder",
    Role.READER: "lezer",
}
"""What people call the actions and the roles (GLOSSARY.md)."""


def check(user: User, action: str, customer: Customer) -> None:
    """Raise NotAllowed where no role of the user for the customer allows the action, or the account is closed."""
    if action in allowed(user, customer):
        return
    able = sorted(MAY[action])
    raise NotAllowed(
        f"{user.username} may not {action.replace('-', ' ')} for {customer.name}:"
        f" that takes the role {' or '.join(able)}.",
        f"{user.username} mag voor {customer.name} niet {_DUTCH[action]}:"
        f" daarvoor is de rol {' of '.join(_DUTCH[role] for role in able)} nodig.",
    )


def check_site_operator(user: User) -> None:
    """Raise NotAllowed for anybody but who runs the site, and not only some of its customers."""
    if not User.objects.filter(pk=user.pk, is_active=True, is_superuser=True).exists():
        raise NotAllowed(
            f"{user.username} may not do this: that takes a site operator.",
            f"{user.username} mag dit niet: dat kan alleen een sitebeheerder.",
        )


def allowed(user: User, customer: Customer) -> frozenset[str]:
    """All that a user may do for a customer; nothing without a role there, or for a closed account."""
    found = Role.objects.filter(customer=customer, user=user, user__is_active=True)
    roles = set(found.values_list("name", flat=True))
    return frozenset(action for action, able in MAY.items() if roles & able)


def role_word(role: str, lang: str) -> str:
    """What people call a role."""
    return role if lang == "en" else _DUTCH[role]
