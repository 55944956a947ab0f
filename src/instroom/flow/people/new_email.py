"""Changes the e-mail address of a user, once the link that is mailed to the new address has been followed.

The link works once, for an hour, and only while signed in as that user: a mistyped address gives nobody the account.
"""

from typing import Final

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction

from instroom.core.errors import NotAllowed, NotFound
from instroom.flow import audit, throttle
from instroom.flow.news import account_news, links, outbox
from instroom.flow.people import sign_in
from instroom.flow.people.own_account import checked_email
from instroom.store.models import User


class _Tokens(PasswordResetTokenGenerator):
    """As those of password resets, but signing in does not end them: who follows the link may have to sign in first."""

    key_salt = "instroom.new-email"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{user.pk}{user.password}{user.email}{user.new_email}{timestamp}"


TOKENS: Final = _Tokens()


def ask(user: User, email: str, password: str, address: str) -> None:
    """Mail the link to the new address, and tell the present one. A blank address counts at once, and ends all mails;
    the present one takes back what was asked. Password resets go to an address as well, so the password is required.

    Raises NotAllowed, also after too many requests of the user or for the new address.
    """
    email = checked_email(email) if email.strip() else ""
    sign_in.confirm_password(user, password, address)
    with transaction.atomic():
        sign_in.hold(user)
        if not email:
            return _set(user, "")
        user.new_email = "" if email == user.email else email
        if user.new_email:
            for policy, name in ((throttle.NEW_EMAILS, user.pk.hex), (throttle.PASSWORD_MAILS, email.lower())):
                if throttle.banned_until(policy, name=name):
                    raise NotAllowed("too-many-requests")
                throttle.count(policy, name=name)
            facts = {"user": user.username, "link": links.new_email(TOKENS.make_token(user))}
            outbox.write("new-email", email, user.language, facts, customer=None)
            account_news.tell(user, "email-asked")
            audit.note(None, "email-asked", user)
        user.save(update_fields=["new_email"])


def asked(user: User, token: str) -> str:
    """The address that the link is for. Raises NotFound if the link has been used, has expired or is another user's."""
    if not user.new_email or not TOKENS.check_token(user, token):
        raise NotFound("link-expired")
    return user.new_email


@transaction.atomic
def confirm(user: User, token: str) -> None:
    """Set the address, which ends the link. Raises NotFound."""
    held = User.objects.select_for_update().get(pk=user.pk)
    _set(held, asked(held, token))


def _set(user: User, email: str) -> None:
    """Change the address at once. The present one is told."""
    account_news.tell(user, "email")
    user.email, user.new_email = email, ""
    user.save(update_fields=["email", "new_email"])
    audit.note(None, "email-changed", user)
