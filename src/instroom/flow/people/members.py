"""The users of a customer and their roles, which operators manage (product.md G2)."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction

from instroom.core.errors import NotAllowed, NotFound
from instroom.flow import audit, permissions, two_persons
from instroom.flow.news.safeguard_news import tell_new_approver
from instroom.flow.people.own_account import checked_email
from instroom.flow.safeguards.relaxing import tell_where_giver_left
from instroom.flow.site_clock import iso_moment
from instroom.flow.source_limits import checked_sources, limit_facts
from instroom.store.models import Customer, Role, User


class Person(NamedTuple):
    """A user with a role for the customer."""

    user: User
    roles: list[str]
    """In the order of `Role.NAMES`."""
    sources: list[str]
    """To which the roles are limited; none: they are not, or one of them is not."""


def people(customer: Customer) -> list[Person]:
    """The users with a role for the customer, by name."""
    roles: dict[UUID, list[Role]] = {}
    for role in Role.objects.filter(customer=customer):
        roles.setdefault(role.user_id, []).append(role)
    return [_person(user, roles[user.pk]) for user in User.objects.filter(pk__in=roles).order_by("username")]


def person(customer: Customer, user_id: UUID) -> Person:
    """A user of the customer. Raises NotFound for a user without a role here."""
    roles = list(Role.objects.filter(customer=customer, user_id=user_id))
    if not roles:
        raise NotFound("no-user-here")
    return _person(User.objects.get(pk=user_id), roles)


def _person(user: User, roles: Sequence[Role]) -> Person:
    limits = [set(role.sources) for role in roles]
    sources = sorted(set[str]().union(*limits)) if all(limits) else []
    return Person(user, in_order([role.name for role in roles]), sources)


def document(person: Person) -> dict[str, Any]:
    """The document of the API and the command line."""
    user = person.user
    return {
        "id": str(user.pk),
        "name": user.username,
        "full_name": user.get_full_name(),
        "email": user.email,
        "roles": person.roles,
        "sources": person.sources,
        "active": user.is_active,
        "second_factor": user.totp_since is not None,
        "last_sign_in_at": iso_moment(user.last_login),
    }


def in_order(roles: Collection[str]) -> list[str]:
    """The roles in the order of `Role.NAMES`."""
    return [name for name in Role.NAMES if name in roles]


@transaction.atomic
def set_roles(
    customer: Customer, user: User, roles: Collection[str], *, by: User, sources: Collection[str] | None = None
) -> None:
    """Give a user exactly these roles for the customer; with none, the user loses access. All are limited to `sources`,
    if any; without it, or where these are the limit of before, each role that stays keeps its own.

    Raises NotFound, and NotAllowed if the customer would have no operator left, or an operator is limited.
    """
    Customer.objects.select_for_update().get(pk=customer.pk)  # two operators could each take the other's role
    held = list(Role.objects.filter(customer=customer, user=user))
    before, limit_before = in_order([role.name for role in held]), _person(user, held).sources
    after, limit = in_order(roles), limit_before if sources is None else checked_sources(sources)
    check_giving(customer, set(after) - set(before), by)
    refuse_limited_operator(after, limit)
    if Role.OPERATOR in before and Role.OPERATOR not in after:
        refuse_without_operator(customer, user)
    give_roles(customer, user, after, by, limit)
    Role.objects.filter(customer=customer, user=user).exclude(name__in=after).delete()
    if limit != limit_before:
        Role.objects.filter(customer=customer, user=user).update(sources=limit)
    if Role.SUPPLIER in before and Role.SUPPLIER not in after:
        two_persons.note_former_supplier(customer, user)
    if before != after or limit_before != limit:
        facts = {"before": ", ".join(before), "after": ", ".join(after), **limit_facts(limit, limit_before)}
        audit.note(customer, "roles-changed", by, of=user.username, **facts)
    tell_where_giver_left(user)


def refuse_limited_operator(roles: Collection[str], sources: Collection[str]) -> None:
    """Raise NotAllowed where an operator would be limited to sources: who decides on limits has none."""
    if sources and Role.OPERATOR in roles:
        raise NotAllowed("operator-limited")


def check_giving(customer: Customer, roles: Collection[str], by: User) -> None:
    """Raise NotAllowed where somebody, or their program, may not manage users, or may not approve and gives a role that
    may."""
    permissions.check(by, "manage-users", customer)
    if permissions.MAY["approve"] & set(roles):
        permissions.check(by, "approve", customer)


def give_roles(
    customer: Customer, user: User, roles: Collection[str], by: User | None, sources: Collection[str] | None = None
) -> None:
    """Add these roles, limited to these sources if any, or without it to those of the roles that the user has. In a
    transaction of the caller. All who decide are told of somebody who may approve from now on: a second account of one
    person would do for two."""
    if sources is None:
        sources = _person(user, list(Role.objects.filter(customer=customer, user=user))).sources
    may_approve = "approve" in permissions.rights_of(user, customer)
    for name in in_order(roles):
        Role.objects.get_or_create(customer=customer, user=user, name=name, defaults={"sources": list(sources)})
    if not may_approve and permissions.MAY["approve"] & set(roles):
        tell_new_approver(customer, user, by)


@transaction.atomic
def add(
    customer: Customer, name: str, email: str, roles: Collection[str], *, by: User, sources: Collection[str] = ()
) -> User:
    """Create a user without a password; `instroom user password` or a password reset gives one. The roles are limited
    to `sources`, if any.

    Raises NotFound, and NotAllowed if the name is taken, the name or the e-mail address is invalid, or an operator is
    limited.
    """
    check_giving(customer, roles, by)
    limit = checked_sources(sources)
    refuse_limited_operator(roles, limit)
    user = new_user(name, checked_email(email) if email else "")
    user.set_unusable_password()
    keep_new(user)
    give_roles(customer, user, roles, by, limit)
    facts = {"roles": ", ".join(in_order(roles)), **limit_facts(limit)}
    audit.note(customer, "user-added", by, of=user.username, **facts)
    return user


def new_user(name: str, email: str) -> User:
    """A user that is not stored yet. Raises NotAllowed if the name is taken (in any case) or invalid."""
    name = User.normalize_username(name.strip())
    if not 2 <= len(name) <= 60 or not all(sign.isalnum() or sign in "@.+-_" for sign in name):
        raise NotAllowed("user-name")
    if User.objects.filter(username__iexact=name).exists():
        raise NotAllowed("user-name-taken")
    return User(username=name, email=email)


def keep_new(user: User) -> None:
    """Store a new user. Raises NotAllowed if the name was taken in the meantime."""
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise NotAllowed("user-name-taken") from error


def refuse_without_operator(customer: Customer, user: User) -> None:
    """Raise NotAllowed if the user is the customer's last operator."""
    others = Role.objects.filter(customer=customer, name=Role.OPERATOR, user__is_active=True).exclude(user=user)
    if not others.exists():
        raise NotAllowed("last-operator", user=user.username, customer=customer.title)
