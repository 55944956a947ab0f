"""Which user a provider means: the one that is linked to the issuer and subject, and never the one that only has the
same e-mail address. Who is unknown becomes a user of their own, by an invitation or where the provider may bring
people.
"""

import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from instroom.core.errors import NotAllowed, NotFound
from instroom.flow import audit
from instroom.flow.acting import only_customer
from instroom.flow.news import account_news
from instroom.flow.people import invitations
from instroom.flow.people.members import give_roles, in_order, keep_new, new_user
from instroom.flow.people.own_account import change_name, checked_email
from instroom.flow.sign_in_providers.group_roles import follow_groups, roles_by_groups
from instroom.flow.sign_in_providers.refused import Refused
from instroom.flow.sign_in_providers.signing_in import arrive, refuse_banned, refused
from instroom.flow.sign_in_providers.tokens import Claims
from instroom.store.models import LinkedIdentity, Role, SignInProvider, User


class SignedIn(NamedTuple):
    """Somebody whom a provider has signed in."""

    identity: LinkedIdentity
    session: str
    """As the provider calls it; "" where it does not."""
    back: str
    """The page that was asked for."""
    is_link: bool
    """Whether somebody who was here already has linked their account."""


def sign_in(
    provider: SignInProvider, cookie: str, answer: Mapping[str, str], address: str, *, here: User | None
) -> SignedIn:
    """Sign in by the provider's answer; `here` is who is signed in already, and may link an account. Raises NotAllowed,
    and counts and records each failure."""
    refuse_banned(address)
    try:
        claims, asked = arrive(provider, cookie, answer)
        identity = _identity(provider, claims, asked, here)
        if not identity.user.is_active:
            raise Refused("user-off")
        follow_groups(provider, identity.user, claims)
        _follow_name(provider, identity.user, claims)
        if not Role.objects.filter(customer=provider.customer, user=identity.user).exists():
            raise Refused("no-roles")
    except Refused as error:
        raise refused(provider.customer, error.reason, address) from error
    return SignedIn(identity, str(claims.get("sid", "")), asked.get("back", "/"), "link" in asked)


@transaction.atomic
def _identity(provider: SignInProvider, claims: Claims, asked: dict[str, str], here: User | None) -> LinkedIdentity:
    SignInProvider.objects.select_for_update().get(pk=provider.pk)  # two first sign-ins at once take turns
    known = LinkedIdentity.objects.filter(provider=provider, issuer=provider.issuer, subject=claims["sub"])
    identity = known.select_related("user").first()
    if link := asked.get("link"):
        if here is None or here.pk != UUID(link) or (identity and identity.user_id != here.pk):
            raise Refused("linked-to-another")
        if only_customer(here) not in (None, provider.customer_id):
            raise Refused("other-customer")  # one provider would open the way to another
        return identity or _link(provider, claims, here)
    if word := asked.get("invitation"):
        return _invited(provider, claims, word, identity)
    return identity or _link(provider, claims, _new_user(provider, claims))


def _invited(provider: SignInProvider, claims: Claims, word: str, identity: LinkedIdentity | None) -> LinkedIdentity:
    """Give the roles of an invitation. It was mailed, so it may link a user who has that address and works for nobody
    else: the operator who invites could be reading another's mail."""
    try:
        invitation = invitations.of_word(word)
        if invitation.customer_id != provider.customer_id:
            raise Refused("invitation")
        user = identity.user if identity else _invited_user(provider, invitation.email)
        if user is None:
            user = new_user(_free_name(claims), _free_email(invitation.email))
            user.set_unusable_password()
            keep_new(user)
        invitations.give_invited_roles(invitation, user)
    except NotFound as error:
        raise Refused("invitation") from error
    return identity or _link(provider, claims, user)


def _invited_user(provider: SignInProvider, email: str) -> User | None:
    found = list(User.objects.filter(email__iexact=email, is_active=True, is_superuser=False)[:2])
    linked = LinkedIdentity.objects.filter(provider=provider, issuer=provider.issuer, user__in=found)
    elsewhere = Role.objects.filter(user__in=found).exclude(customer=provider.customer_id)
    return found[0] if len(found) == 1 and not linked.exists() and not elsewhere.exists() else None


def _new_user(provider: SignInProvider, claims: Claims) -> User:
    """A user of their own, where groups or the mail domain give them a role. Raises Refused."""
    email = _email_of(claims)
    is_ours = email.rpartition("@")[2].lower() in provider.mail_domains and claims.get("email_verified", True) is True
    if provider.mail_domains and not is_ours:
        raise Refused("domain")
    first_roles = provider.first_roles if is_ours else []
    if not first_roles and not roles_by_groups(provider, claims):
        raise Refused("unknown")
    is_proved = is_ours or claims.get("email_verified") is True
    user = new_user(_free_name(claims), _free_email(email) if is_proved else "")
    user.set_unusable_password()
    keep_new(user)
    give_roles(provider.customer, user, first_roles, None)
    roles = ", ".join(in_order(first_roles))
    audit.note(provider.customer, "user-by-provider", user, of=user.username, roles=roles)
    return user


def _link(provider: SignInProvider, claims: Claims, user: User) -> LinkedIdentity:
    """Raises Refused where the user has another identity there: who it is now may be somebody else."""
    try:
        with transaction.atomic():
            made = LinkedIdentity.objects.create(
                provider=provider, user=user, issuer=provider.issuer, subject=claims["sub"], linked_at=timezone.now()
            )
    except IntegrityError as error:
        raise Refused("other-identity") from error
    audit.note(provider.customer, "identity-linked", user)
    account_news.tell(user, "identity-linked")
    return made


def _follow_name(provider: SignInProvider, user: User, claims: Claims) -> None:
    """Take over what the provider calls somebody who works for its customer alone: to others it vouches for nobody.
    What is no name to us changes nothing."""
    first, last = str(claims.get("given_name") or ""), str(claims.get("family_name") or "")
    if not last or (first, last) == (user.first_name, user.last_name):
        return
    if not user.roles.exclude(customer=provider.customer).exists():
        with suppress(NotAllowed):
            change_name(user, first, last)


def _email_of(claims: Claims) -> str:
    """The address that is named, if it is one."""
    try:
        return checked_email(str(claims.get("email") or ""))
    except NotAllowed:
        return ""


def _free_name(claims: Claims) -> str:
    """A name for a new user. It has no @, so that it is never taken for the address of others."""
    wanted = str(claims.get("preferred_username") or claims.get("email") or "").partition("@")[0]
    name = re.sub(r"[^\w.+-]", "", wanted)[:50]
    if len(name) >= 2 and not User.objects.filter(username__iexact=name).exists():
        return name
    return f"{name or 'user'}-{secrets.token_hex(3)}"


def _free_email(email: str) -> str:
    """The address, unless another user has it: who signs in by it there must not have to share it."""
    return "" if User.objects.filter(email__iexact=email).exists() else email
