"""Sets passwords. A new password ends all other sessions of the user."""

from collections.abc import Iterable

from django.db import transaction

from instroom.flow import audit
from instroom.flow.news import account_news
from instroom.flow.people import api_tokens, password_strength, sessions
from instroom.store.models import Customer, User


@transaction.atomic
def set_password(user: User, password: str) -> None:
    """Set the password of a user, as administrator of the site. Ends their tokens: somebody else may know the old one.

    Raises NotAllowed if the password is too easy to guess.
    """
    give(user, password)
    audit.note(None, "password-set", user)
    api_tokens.end_all(user)
    account_news.tell(user, "password")


def give(user: User, password: str) -> None:
    """Set the password and end all sessions, in a transaction of the caller. Raises NotAllowed if it is too easy to
    guess."""
    refuse_weak(user, password, Customer.objects.filter(roles__user=user).distinct())
    user.set_password(password)
    user.save(update_fields=["password"])
    sessions.end_all(user)


def refuse_weak(user: User, password: str, customers: Iterable[Customer]) -> None:
    """Raise NotAllowed if the password is too easy to guess. `user` need not be stored; the `customers` are theirs."""
    names = [name for customer in customers for name in (customer.name, customer.title)]
    about = [user.username, user.email, user.first_name, user.last_name, *names]
    password_strength.refuse_weak(password, least=password_strength.LEAST_CHARACTERS, about=about)
