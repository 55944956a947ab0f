"""Passwords are kept by scrypt, which is slow on purpose. Other tests hash them with less (`tests/settings.py`)."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.test import override_settings

from instroom.config import settings as product
from instroom.core.errors import NotAllowed
from instroom.flow import find
from instroom.flow.file_server import account_sign_in, accounts
from instroom.flow.operations.init import DEMO_USERS, add_customer
from instroom.flow.people import sign_in
from instroom.flow.people.passwords import set_password
from instroom.store.models import FileAccount, User

pytestmark = pytest.mark.on_sqlite_alone

PASSWORD = "een-lang-woord-7"  # noqa: S105 - of nobody
HERE = "192.0.2.7"


@pytest.fixture(autouse=True)
def demo(empty_database: None) -> Iterator[None]:
    """The customer `demo`, and passwords as the product hashes them."""
    add_customer("demo", "Demo", DEMO_USERS)
    with override_settings(PASSWORD_HASHERS=product.PASSWORD_HASHERS):
        yield


def assert_is_scrypt(stored: str) -> None:
    """Made by scrypt, with Django's cost or more."""
    parts = ScryptPasswordHasher().decode(stored)
    assert parts["work_factor"] * parts["block_size"] >= 2**14 * 8


def test_a_person_signs_in_by_it() -> None:
    set_password(find.user("reader"), PASSWORD)
    assert_is_scrypt(User.objects.get(username="reader").password)
    assert sign_in.by_password("reader", PASSWORD, HERE).username == "reader"
    with pytest.raises(NotAllowed):
        sign_in.by_password("reader", PASSWORD.upper(), HERE)


def test_an_account_of_the_file_server_signs_in_by_it() -> None:
    accounts.add("hr", find.customer("demo"), PASSWORD, by=find.user("operator"))
    assert_is_scrypt(FileAccount.objects.get().password)
    assert account_sign_in.sign_in("hr", PASSWORD, HERE, tls=True).name == "hr"
    with pytest.raises(NotAllowed):
        account_sign_in.sign_in("hr", PASSWORD.upper(), HERE, tls=True)


@pytest.mark.parametrize("name", ["niemand", *(pytest.param(one, marks=pytest.mark.slow) for one in ("reader", "hr"))])
@pytest.mark.parametrize(
    "guess", [sign_in.by_password, partial(account_sign_in.sign_in, tls=True)], ids=["person", "account"]
)
def test_a_wrong_guess_costs_one_hash_whoever_is_named(
    guess: Callable[[str, str, str], object], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that nobody learns from the time it takes who there is."""
    set_password(find.user("reader"), PASSWORD)
    accounts.add("hr", find.customer("demo"), PASSWORD, by=find.user("operator"))
    hashed: list[str] = []
    encode = ScryptPasswordHasher.encode

    def counted(self: ScryptPasswordHasher, password: str, *rest: Any) -> str:
        hashed.append(password)
        return encode(self, password, *rest)

    monkeypatch.setattr(ScryptPasswordHasher, "encode", counted)
    with pytest.raises(NotAllowed):
        guess(name, "verkeerd woord", HERE)
    assert hashed == ["verkeerd woord"]
