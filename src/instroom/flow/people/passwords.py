"""Sets passwords. A new password ends all other sessions of the user."""

from typing import Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation

from instroom.core.errors import NotAllowed
from instroom.flow import audit, find
from instroom.flow.news import account_news
from instroom.store.models import User

LEAST_CHARACTERS: Final = 12


@transaction.atomic
def set_password(name: str, password: str) -> None:
    """Set the password of a user, as administrator of the site.

    Raises NotFound, and NotAllowed if the password is too easy to guess.
    """
    user = find.user(name)
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
    if weak := _weakness(password, user):
        raise NotAllowed(weak["en"], weak["nl"])


def _weakness(password: str, user: User) -> dict[str, str] | None:
    """Why the password is too weak, per language; None if it is not. Django only gives finished sentences."""
    if len(password) < LEAST_CHARACTERS:
        return {
            "en": f"The password is too short: take at least {LEAST_CHARACTERS} characters.",
            "nl": f"Het wachtwoord is te kort: neem ten minste {LEAST_CHARACTERS} tekens.",
        }
    said = {}
    for lang in ("en", "nl"):
        with translation.override(lang):
            try:
                validate_password(password, user)
            except ValidationError as error:
                said[lang] = " ".join(map(str, error.messages))
    return said or None
