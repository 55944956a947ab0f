"""Lets the first person in: the operator that `instroom init` makes, with a password that is shown once."""

from typing import Final

from django.db import transaction

from instroom.flow import audit
from instroom.flow.file_server.accounts import new_password
from instroom.flow.operations.customers import add_site_operator
from instroom.flow.people import passwords
from instroom.flow.people.own_account import checked_email
from instroom.store.models import User

NAME: Final = "operator"


@transaction.atomic
def first_operator(email: str) -> User | None:
    """The site operator of that name, with this address if any; made where nobody has the name. None where somebody has
    it who was let in before. Raises NotAllowed."""
    user = User.objects.filter(username=NAME).first()
    if user is None:
        return add_site_operator(NAME, email)
    if user.password or not user.is_superuser:
        return None
    if email:
        user.email = checked_email(email)
        user.save(update_fields=["email"])
    return user


@transaction.atomic
def one_time_password(user: User) -> str:
    """A new password for the user, which is kept nowhere."""
    password = new_password()
    passwords.give(user, password)
    audit.note(None, "password-set", user)
    return password
