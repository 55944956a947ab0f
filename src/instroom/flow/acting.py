"""Which program is at work for its user in this request. The audit log names it, and it may only do what its token has
scopes for: `audit` and `permissions` both look here, so that no use case can forget the token of who asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from instroom.store.models import ApiToken, User

_program: ContextVar[ApiToken | None] = ContextVar("program", default=None)


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
