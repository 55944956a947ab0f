"""Which program is at work for its user in this request. The audit log names it, and it may only do what its token has
scopes for: `audit` and `permissions` both look here, so that no use case can forget the token of who asks.

Likewise whose provider has signed in the person of this request: it speaks for one customer alone, so what the person
may do elsewhere is out of reach."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple
from uuid import UUID

from instroom.store.models import ApiToken, User

_program: ContextVar[ApiToken | None] = ContextVar("program", default=None)
_reach: ContextVar["_Reach | None"] = ContextVar("reach", default=None)


class _Reach(NamedTuple):
    """The one customer for which a person can work in this request."""

    user_id: UUID
    customer_id: UUID


@contextmanager
def one_request() -> Iterator[None]:
    """What a program does within it is known as the program's, once `work_by` has said which it is."""
    before = _program.set(None)
    try:
        yield
    finally:
        _program.reset(before)


def work_by(token: ApiToken) -> None:
    """From here on this program does what its user does. To be called within `one_request`."""
    _program.set(token)


def program_of(user: User | None) -> ApiToken | None:
    """The token of the program that acts as this user; None where the person does."""
    program = _program.get()
    return program if program and user == program.user else None


@contextmanager
def only_for(customer_id: UUID, user: User) -> Iterator[None]:
    """Within it the user works for this customer alone."""
    before = _reach.set(_Reach(user.pk, customer_id))
    try:
        yield
    finally:
        _reach.reset(before)


def only_customer(user: User | None) -> UUID | None:
    """The one customer for which this user can work now; None where it is each of theirs."""
    reach = _reach.get()
    return reach.customer_id if reach and user and user.pk == reach.user_id else None
