"""The worker of `instroom serve`: a process of its own, which comes back when it dies and ends with its parent."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.contracts.customer import SampleCustomer, person
from tests.doors.worker.worker_processes import Worker
from tests.waiting import until

from instroom.store.models import Delivery

pytestmark = [pytest.mark.slow, pytest.mark.on_sqlite_alone]
Start = Callable[..., Worker]


def test_it_comes_back_when_it_dies_and_is_waited_for(start: Start) -> None:
    serve = start("serve")
    until(serve.child)
    until(delivered)
    first = serve.child()
    assert os.getpriority(os.PRIO_PROCESS, first) > os.getpriority(os.PRIO_PROCESS, 0)  # pages go first
    os.kill(first, signal.SIGKILL)
    until(lambda: serve.child() not in (0, first))
    until(delivered)
    second = serve.child()
    assert serve.ended(signal.SIGTERM, alone=True) == 0
    assert is_gone(second)
    assert "the worker has ended (-9) and is started again" in serve.logged()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_it_ends_with_its_parent(start: Start, number: signal.Signals) -> None:
    serve = start("serve")
    until(serve.child)
    until(delivered)
    child = serve.child()
    serve.ended(number, alone=number == signal.SIGKILL)
    until(lambda: is_gone(child), seconds=20)
    assert "is started again" not in serve.logged()


def delivered() -> bool:
    """A delivery is carried on by whatever works here."""
    delivery = SampleCustomer().receive([person("1")])
    until(lambda: Delivery.objects.get(pk=delivery.pk).state == "awaiting-approval")
    return True


def is_gone(pid: int) -> bool:
    """Whether a process has ended; nobody has waited for an orphan yet."""
    status = Path(f"/proc/{pid}/status")
    return not status.exists() or "State:\tZ" in status.read_text(encoding="utf-8")
