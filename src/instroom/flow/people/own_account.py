"""What a person changes of their own account: language, address, password."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from instroom.core.errors import NotAllowed
from instroom.core.language import LANGUAGES
from instroom.flow import audit
from instroom.flow.news import account_news
from instroom.flow.people import passwords, sign_in
from instroom.store.models import User


def change_language(user: User, language: str) -> None:
    """In which language mails come, and pages from the next time on. Raises NotAllowed."""
    if language not in LANGUAGES:
        raise NotAllowed("Choose Dutch or English.", "Kies Nederlands of Engels.")
    User.objects.filter(pk=user.pk).update(language=language)


def change_email(user: User, email: str, password: str, address: str) -> None:
    """Where mails go, also the one with which a forgotten password is set anew: hence the password is asked.

    A blank address ends the mails. The address before is told of it. Raises NotAllowed.
    """
    email = checked_email(email) if email.strip() else ""
    sign_in.confirm_password(user, password, address)
    with transaction.atomic():
        if user.email:
            account_news.tell(user, "email", to=user.email)
        user.email = email
        user.save(update_fields=["email"])
        audit.note(None, "email-changed", user)


def change_password(user: User, old: str, new: str, address: str) -> None:
    """Another password, by the old one; every other session of this person ends. Raises NotAllowed."""
    sign_in.confirm_password(user, old, address)
    with transaction.atomic():
        passwords.give(user, new)
        audit.note(None, "password-changed", user)
        account_news.tell(user, "password")


def checked_email(text: str) -> str:
    """The address, trimmed. Raises NotAllowed where it is none."""
    email = text.strip()
    try:
        validate_email(email)
    except ValidationError as error:
        raise NotAllowed("That is no e-mail address.", "Dat is geen e-mailadres.") from error
    return email
