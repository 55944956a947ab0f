"""Sets passwords. A new password ends all other sessions of the user."""

from typing import Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from instroom.core.errors import NotAllowed
from instroom.flow import audit
from instroom.flow.news import account_news
from instroom.store.models import User

LEAST_CHARACTERS: Final = 12


@transaction.atomic
def set_password(user: User, password: str) -> None:
    """Set the password of a user, as administrator of the site.

    Raises NotAllowed if the password is too easy to guess.
    """
    give(user, password)
    audit.note(None, "password-set", user)
    account_news.tell(user, "password")


def give(user: User, password: str) -> None:
    """Set the password, in a transaction of the caller. Raises NotAllowed if it is too easy to guess."""
    refuse_weak(user, password)
    user.set_password(password)
    user.save(update_fields=["password"])


def refuse_weak(user: User, password: str) -> None:
    """Raise NotAllowed if the password is too easy to guess. `user` need not be stored."""
    if len(password) < LEAST_CHARACTERS:
        raise NotAllowed("password-too-short", least=LEAST_CHARACTERS)
    try:
        validate_password(password, user)
    except ValidationError as error:
        if any(one.code == "password_too_common" for one in error.error_list):
            raise NotAllowed("password-too-common") from error
        raise NotAllowed("password-like-user") from error
