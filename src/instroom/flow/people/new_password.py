"""Resets a forgotten password, by a mail with a link that works once, for an hour.

Neither the answer nor the time it takes reveals whether an e-mail address is known.
"""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils.crypto import salted_hmac

from instroom.core.errors import NotAllowed, NotFound
from instroom.flow import audit, throttle
from instroom.flow.news import account_news, links, outbox
from instroom.flow.news.mail_text import render
from instroom.flow.people import api_tokens, passwords
from instroom.flow.people.sign_in import organisations_instead
from instroom.store.models import User

_MOST_USERS: Final = 5  # with one e-mail address


def ask(email: str, address: str) -> None:
    """Mail the link to the users with this e-mail address. `address` is the client's.

    Raises NotAllowed after too many requests from there, and if this site sends no mail.
    """
    if not settings.INSTROOM_SMTP:
        raise NotAllowed("no-mail-sent")
    email = email.strip().lower()[:254]
    if throttle.banned_until(throttle.PASSWORD_RESETS, address=address):
        raise NotAllowed("too-many-requests")
    with transaction.atomic():
        throttle.count(throttle.PASSWORD_RESETS, address=address)
        silent = throttle.banned_until(throttle.PASSWORD_MAILS, name=email) is not None
        if not silent:
            throttle.count(throttle.PASSWORD_MAILS, name=email)
        whose = salted_hmac("instroom.new-password", email, algorithm="sha256").hexdigest()[:16]
        audit.note(None, "new-password-asked", whose=whose, address=address)
        _write(email, silent)


def _write(email: str, silent: bool) -> None:
    """Mail each user with this address. For an unknown address a mail is rendered too, and thrown away."""
    users = list(User.objects.filter(email__iexact=email, is_active=True)[:_MOST_USERS]) if email else []
    for user in users or [User(username="nobody", email=email)]:
        facts = {"user": user.username, "link": links.new_password(user, default_token_generator.make_token(user))}
        instead = organisations_instead(user) if users else []
        if instead and not silent:
            facts = {"user": user.username, "link": links.provider_sign_in(instead[0])}
            outbox.write("no-password", user, user.language, facts, customer=None)
        elif users and not silent:
            outbox.write("new-password", user, user.language, facts, customer=None)
        else:
            render("new-password", "nl", facts)


def whose(user_id: UUID, token: str) -> User:
    """The user whom a link was mailed to. Raises NotFound if it has been used or has expired."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or not default_token_generator.check_token(user, token):
        raise NotFound("link-expired")
    return user


@transaction.atomic
def choose(user_id: UUID, token: str, password: str) -> None:
    """Set the password, which ends the link, and all sessions and tokens. Raises NotFound and NotAllowed."""
    User.objects.select_for_update().filter(pk=user_id).first()  # two at once take turns
    user = whose(user_id, token)
    passwords.give(user, password)
    audit.note(None, "password-set-by-mail", user)
    api_tokens.end_all(user)
    account_news.tell(user, "password")
