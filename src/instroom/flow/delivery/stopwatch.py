"""How long a step of a delivery takes. `attempts` starts it, and the move that ends the step reads it, so that the
seconds are written in the very UPDATE by which the delivery goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Final

from instroom.store.models import Delivery

STEPS: Final = ("checking", "training", "importing")
"""The states in which we work, and nobody is waited for."""

_began: ContextVar[float | None] = ContextVar("began", default=None)


@contextmanager
def running() -> Iterator[None]:
    """From here on the step takes time; waiting for its turn came before."""
    token = _began.set(monotonic())
    try:
        yield
    finally:
        _began.reset(token)


def step_seconds(delivery: Delivery, before: str) -> dict[str, float] | None:
    """`Delivery.step_seconds` with the step that leaves the state `before`; None where that is no step that runs."""
    began = _began.get()
    if began is None or before not in STEPS:
        return None
    return {**delivery.step_seconds, before: round(monotonic() - began, 3)}
