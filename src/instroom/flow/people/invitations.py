"""Invitations: an operator asks somebody by mail to work for a customer. The link works once, for seven days."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from instroom.core.errors import NotAllowed, NotFound
from instroom.core.language import LANGUAGES, Language
from instroom.core.wording.catalogue import role_word
from instroom.core.wording.phrases import day, listed
from instroom.flow import audit, permissions, throttle
from instroom.flow.institute import institute
from instroom.flow.news import links, outbox
from instroom.flow.news.mail_text import MAILS
from instroom.flow.people import passwords
from instroom.flow.people.members import check_giving, give_roles, in_order, keep_new, new_user, refuse_limited_operator
from instroom.flow.people.own_account import checked_email, checked_name
from instroom.flow.site_clock import iso_moment
from instroom.flow.source_limits import checked_sources, limit_facts
from instroom.store.models import Customer, Invitation, Mail, SignInProvider, User

VALID: Final = timedelta(days=7)
_KIND: Final = "invitation"


@transaction.atomic
def invite(
    customer: Customer,
    email: str,
    roles: Collection[str],
    language: str,
    *,
    by: User,
    sources: Collection[str] = (),
) -> Invitation:
    """Invite somebody, in their language, to take these roles, limited to `sources` if any. Replaces an earlier
    invitation to the same address.

    Raises NotAllowed for an invalid address, no roles or a limited operator, and after too many invitations today.
    """
    check_giving(customer, roles, by)
    limit = checked_sources(sources)
    refuse_limited_operator(roles, limit)
    email, now = checked_email(email), timezone.now()
    if not in_order(roles) or language not in LANGUAGES:
        raise NotAllowed("no-roles")
    if throttle.banned_until(throttle.INVITATIONS, name=customer.pk.hex):
        raise NotAllowed("too-many-invitations")
    throttle.count(throttle.INVITATIONS, name=customer.pk.hex)
    for one in _open().filter(customer=customer, email__iexact=email):
        _end(one)
    word = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        customer=customer,
        email=email,
        roles=in_order(roles),
        sources=limit,
        word_hash=_hash(word),
        invited_by=by,
        made_at=now,
        expires_at=now + VALID,
    )
    _write(invitation, word, language)
    facts = {"invitation": str(invitation.pk), "roles": ", ".join(invitation.roles), **limit_facts(limit)}
    audit.note(customer, "invited", by, **facts)
    return invitation


def _write(invitation: Invitation, word: str, lang: Language) -> None:
    """With an institute the mail says for what, in the words of the first of the roles."""
    customer, by, own = invitation.customer, invitation.invited_by, institute()
    words, role = MAILS.texts(lang), invitation.roles[0]
    named = {"customer": customer.title, "institute": own.name}
    facts = named | {
        "about": words["invitation-subject"][role].format_map(named),
        "why": words["invitation-why"][role].format_map(named),
        "by": by.called if by else "Instroom",
        "roles": listed([role_word(role, lang) for role in invitation.roles], lang),
        "until": day(timezone.localtime(invitation.expires_at).date().isoformat(), lang),
        "link": links.invitation(word),
    }
    said = "invitation-of-institute" if own.name else _KIND
    outbox.write(_KIND, invitation.email, lang, facts, customer=customer, said=said, once=f"{_KIND}:{invitation.pk}")


@transaction.atomic
def send_again(customer: Customer, invitation_id: UUID, *, by: User) -> Invitation:
    """Replace an open invitation by a new one with the same address, roles and language.

    Raises NotFound, and NotAllowed after too many invitations today.
    """
    permissions.check(by, "manage-users", customer)
    before = _open_one(customer, invitation_id)
    mail = Mail.objects.filter(once=f"{_KIND}:{before.pk}").first()
    language = mail.language if mail else "nl"
    return invite(customer, before.email, before.roles, language, by=by, sources=before.sources)


def waiting(customer: Customer) -> list[Invitation]:
    """The open invitations, the newest first."""
    return list(_open().filter(customer=customer).select_related("invited_by").order_by("-pk"))


@transaction.atomic
def cancel(customer: Customer, invitation_id: UUID, *, by: User) -> None:
    """Cancel an invitation, which ends its link. Raises NotFound and NotAllowed."""
    permissions.check(by, "manage-users", customer)
    invitation = _open_one(customer, invitation_id)
    _end(invitation)
    audit.note(customer, "invitation-taken-back", by, invitation=str(invitation.pk))


def cancel_all_by(user: User) -> int:
    """Cancel what this user has invited, in a transaction of the caller. Gives how many there were."""
    found = list(_open().filter(invited_by=user))
    for invitation in found:
        _end(invitation)
    return len(found)


def document(invitation: Invitation) -> dict[str, Any]:
    """The document of the API and the command line."""
    return {
        "id": str(invitation.pk),
        "email": invitation.email,
        "roles": invitation.roles,
        "sources": invitation.sources,
        "invited_by": invitation.invited_by.username if invitation.invited_by else None,
        "made_at": iso_moment(invitation.made_at),
        "expires_at": iso_moment(invitation.expires_at),
    }


def of_word(word: str) -> Invitation:
    """The invitation of a link. Raises NotFound if it has been used or cancelled, or has expired, and if its maker may
    not give its roles any more: by an invitation of their own, people who have left would get back in."""
    found = _open().filter(word_hash=_hash(word)).select_related("customer", "invited_by").first()
    if found is None:
        raise NotFound("no-invitation")
    if found.invited_by:
        try:
            check_giving(found.customer, found.roles, found.invited_by)
        except NotAllowed as error:
            raise NotFound("no-invitation") from error
    return found


@transaction.atomic
def accept(word: str, user: User) -> Customer:
    """Give the roles to an existing user. Raises NotFound, and NotAllowed if the invitation is for somebody else."""
    invitation = of_word(word)
    if invitation.email.lower() != user.email.lower():
        raise NotAllowed("invitation-of-another")
    return give_invited_roles(invitation, user)


def accept_as_new(
    word: str, name: str, password: str, language: str, first_name: str = "", last_name: str = ""
) -> User:
    """Create the user and give the roles. Raises NotFound, and NotAllowed for an invalid name or password."""
    invitation, name = of_word(word), User.normalize_username(name.strip())
    if SignInProvider.objects.filter(customer=invitation.customer, active=True, passwords=False).exists():
        raise NotAllowed("password-switched-off", customers=[invitation.customer.name])
    taken = User.objects.filter(username__iexact=name).exists()
    refusal = NotAllowed("user-name-taken")
    throttle.refuse_taken(taken, refusal, customer=invitation.customer_id, invitation=invitation.pk)
    with transaction.atomic():
        user = new_user(name, invitation.email)
        user.first_name, user.last_name = checked_name(first_name), checked_name(last_name)
        user.language = language if language in LANGUAGES else user.language
        passwords.refuse_weak(user, password, [invitation.customer])
        user.set_password(password)
        keep_new(user)
        give_invited_roles(invitation, user)
    return user


def give_invited_roles(invitation: Invitation, user: User) -> Customer:
    """End the invitation and give its roles, in a transaction of the caller. Raises NotFound."""
    _end(invitation, user)
    give_roles(invitation.customer, user, invitation.roles, invitation.invited_by, invitation.sources)
    customer, roles = invitation.customer, ", ".join(invitation.roles)
    audit.note(customer, "invitation-accepted", user, invitation=str(invitation.pk), roles=roles)
    return customer


def _open_one(customer: Customer, invitation_id: UUID) -> Invitation:
    invitation = _open().filter(customer=customer, pk=invitation_id).first()
    if invitation is None:
        raise NotFound("no-invitation")
    return invitation


def _open() -> QuerySet[Invitation]:
    return Invitation.objects.filter(ended_at=None, expires_at__gt=timezone.now())


def _end(invitation: Invitation, user: User | None = None) -> None:
    """End it once: of two at the same time, the second fails. A mail that is not sent yet is emptied and given up."""
    if _open().filter(pk=invitation.pk).update(ended_at=timezone.now(), accepted_by=user) != 1:
        raise NotFound("no-invitation")
    Mail.objects.filter(once=f"{_KIND}:{invitation.pk}", sent_at=None, given_up_at=None).update(
        given_up_at=timezone.now(), text="", html=""
    )


def _hash(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
