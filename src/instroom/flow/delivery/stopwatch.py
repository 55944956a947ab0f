"""How long a step of a delivery takes. `attempts` starts it, and the move that ends the step reads it, so that the
seconds are written in the very UPDATE by which the delivery goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

from instroom.flow.delivery.states import TIMED_STEPS
from instroom.store.models import Delivery
from instroom.store.states import State

_began: ContextVar[float | None] = ContextVar("began", default=None)


@contextmanager
def running() -> Iterator[None]:
    """From here on the step takes time; waiting for its turn came before."""
    token = _began.set(monotonic())
    try:
        yield
    finally:
        _began.reset(token)


def step_seconds(delivery: Delivery, before: State) -> dict[str, float] | None:
    """`Delivery.step_seconds` with the step that leaves the state `before`; None where that is no step that runs."""
    began = _began.get()
    if began is None or before not in TIMED_STEPS:
        return None
    return {**delivery.step_seconds, before: round(monotonic() - began, 3)}
