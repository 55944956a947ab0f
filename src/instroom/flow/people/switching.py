"""Switches a user off for all customers at once: somebody who has left, or whose account others may be using."""

from django.db import transaction

from instroom.core.errors import NotAllowed
from instroom.flow import audit, permissions
from instroom.flow.acting import only_customer, program_of
from instroom.flow.news import account_news
from instroom.flow.people import api_tokens, invitations, sessions
from instroom.flow.people.members import refuse_without_operator
from instroom.flow.safeguards.relaxing import tell_where_giver_left
from instroom.store.models import Customer, Role, User


def may_switch(user: User, *, by: User) -> bool:
    """Whether `by` may end what this user does everywhere: as operator of all their customers, or as site operator.
    Only site operators decide on each other. A program, and who came by a customer's provider,
    decides for that customer alone."""
    program = program_of(by)
    only = program.customer_id if program else only_customer(by)
    if not by.is_active or user == by:
        return False
    if by.is_superuser and not only:
        return True
    theirs = set(Role.objects.filter(user=user).values_list("customer", flat=True))
    own = Role.objects.filter(user=by, name=Role.OPERATOR).values_list("customer", flat=True)
    own = own.filter(customer=only) if only else own
    return not user.is_superuser and bool(theirs) and theirs <= set(own)


@transaction.atomic
def switch_off(user: User, *, by: User) -> None:
    """End the sessions and tokens of a user, the invitations that they made, and every other way in.

    Raises NotAllowed, also where a customer or the site would be left without an operator. Switching off again changes
    nothing.
    """
    held = _held(user, by)
    if not held.is_active:
        return
    if held.is_superuser and not User.objects.filter(is_superuser=True, is_active=True).exclude(pk=held.pk).exists():
        raise NotAllowed("last-site-operator", user=held.username)
    for customer in Customer.objects.filter(roles__user=held, roles__name=Role.OPERATOR).select_for_update():
        refuse_without_operator(customer, held)
    _set(held, active=False)
    gone, tokens = sessions.end_all(held), api_tokens.end_all(held, by=by)
    invited = invitations.cancel_all_by(held)
    account_news.tell(held, "user-off")
    tell_where_giver_left(held)
    for one in _customers(held):
        audit.note(one, "user-off", by, of=held.username, sessions=gone, tokens=tokens, invitations=invited)


@transaction.atomic
def switch_on(user: User, *, by: User) -> None:
    """Let a user sign in again, with the roles of before. Tokens and invitations that have ended stay so.

    Raises NotAllowed, also for a program that may not approve, of a user who may: as where it gives such a role.
    """
    held = _held(user, by)
    if not held.is_active:
        deciding = Customer.objects.filter(roles__user=held, roles__name__in=permissions.MAY["approve"]).distinct()
        for one in deciding if program_of(by) else ():
            permissions.check(by, "approve", one)
        _set(held, active=True)
        account_news.tell(held, "user-on")
        for customer in _customers(held):
            audit.note(customer, "user-on", by, of=held.username)


@transaction.atomic
def sign_out(user: User, *, by: User) -> int:
    """End all sessions of a user. Gives how many there were. Raises NotAllowed."""
    held = _held(user, by)
    ended = sessions.end_all(held)
    audit.note(None, "sessions-ended", by, of=held.username, sessions=ended)
    return ended


def _held(user: User, by: User) -> User:
    if not may_switch(user, by=by):
        raise NotAllowed("not-over-user", user=user.username)
    return User.objects.select_for_update().get(pk=user.pk)


def _set(user: User, *, active: bool) -> None:
    user.is_active = active
    user.save(update_fields=["is_active"])


def _customers(user: User) -> list[Customer] | list[None]:
    """The customers whose logs get the entry; for a user without a role, the log of the site."""
    return list(Customer.objects.filter(roles__user=user).distinct()) or [None]
