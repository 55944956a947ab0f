"""May this person do this, for this customer? (product.md G2)"""

from typing import Final

from instroom.core.errors import NotAllowed, NotFound
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


def person(name: str, action: str, customer: Customer) -> User:
    """The user of that name.

    Raises NotFound where there is none, and NotAllowed where none of that user's roles for the customer allows it.
    """
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise NotFound(f"There is no user {name}.", f"Er is geen gebruiker {name}.")
    roles = set(Role.objects.filter(customer=customer, user=user).values_list("name", flat=True))
    if not roles & MAY[action]:
        able = sorted(MAY[action])
        raise NotAllowed(
            f"{name} may not {action.replace('-', ' ')} for {customer.name}: that takes the role {' or '.join(able)}.",
            f"{name} mag voor {customer.name} niet {_DUTCH[action]}:"
            f" daarvoor is de rol {' of '.join(_DUTCH[role] for role in able)} nodig.",
        )
    return user


def site_operator(name: str) -> User:
    """The user of that name, who runs the site and not some of its customers. Raises NotAllowed."""
    user = User.objects.filter(username=name, is_active=True, is_superuser=True).first()
    if user is None:
        raise NotAllowed(
            f"{name} may not do this: that takes a site operator.",
            f"{name} mag dit niet: dat kan alleen een sitebeheerder.",
        )
    return user


def allowed(user: User, customer: Customer) -> frozenset[str]:
    """All that a user may do for a customer; nothing where the user has no role there."""
    roles = set(Role.objects.filter(customer=customer, user=user).values_list("name", flat=True))
    return frozenset(action for action, able in MAY.items() if roles & able)


def role_word(role: str, lang: str) -> str:
    """What people call a role."""
    return role if lang == "en" else _DUTCH[role]
