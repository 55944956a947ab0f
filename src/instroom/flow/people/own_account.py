"""Changes that users make to their own account: name, language and password. For the address see `new_email`."""

from typing import Final
from unicodedata import combining

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from instroom.core.clean_text import clean
from instroom.core.errors import NotAllowed
from instroom.core.language import LANGUAGES
from instroom.flow import audit
from instroom.flow.news import account_news
from instroom.flow.people import api_tokens, passwords, sign_in
from instroom.store.models import User

MOST_OF_NAME: Final = 60
"""Characters of a first name, and of a last name."""


def change_language(user: User, language: str) -> None:
    """Set the language of mails, and of pages from the next sign-in on. Raises NotAllowed."""
    if language not in LANGUAGES:
        raise NotAllowed("choose-language")
    User.objects.filter(pk=user.pk).update(language=language)


def change_name(user: User, first: str, last: str) -> None:
    """Set what others read instead of the user name. Raises NotAllowed."""
    user.first_name, user.last_name = checked_name(first), checked_name(last)
    user.save(update_fields=["first_name", "last_name"])


def change_password(user: User, old: str, new: str, address: str, *, end_tokens: bool = False) -> None:
    """Set a new password, which ends all sessions of the user, and their tokens if asked. Raises NotAllowed."""
    sign_in.confirm_password(user, old, address)
    with transaction.atomic():
        sign_in.hold(user)
        passwords.give(user, new)
        audit.note(None, "password-changed", user)
        if end_tokens:
            api_tokens.end_all(user, by=user)
        account_news.tell(user, "password")


def checked_name(text: str) -> str:
    """A part of the name of a person, clean. Raises NotAllowed for what is no name: it stands in mails to others."""
    name = clean(text)
    if len(name) > MOST_OF_NAME or not all(sign.isalpha() or sign in " -.,'’" or combining(sign) for sign in name):
        raise NotAllowed("person-name", most=MOST_OF_NAME)
    return name


def checked_email(text: str) -> str:
    """The address, trimmed. Raises NotAllowed if it is not an e-mail address."""
    email = text.strip()
    try:
        validate_email(email)
    except ValidationError as error:
        raise NotAllowed("email-address") from error
    return email
