"""Real `instroom worker` processes on the database of a test, and what can be seen of them."""

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from uuid import UUID

from django.db import connection
from tests.contracts.customer import SampleCustomer, person
from tests.serving import INSTROOM
from tests.waiting import until

from instroom.store.models import Delivery, Lease

LARGE = 2_000
"""Records of a file whose steps take long enough to be caught in."""


class Worker:
    """`instroom worker`, or another program that works; what it logs goes to a file. Signals reach its children too, as
    those of a terminal do, unless they are for it `alone`."""

    def __init__(self, log: Path, program: str, port: int) -> None:
        self._log = log
        with log.open("ab") as said:
            environment = {**os.environ, "INSTROOM_HTTP": f"127.0.0.1:{port}"}
            command = [INSTROOM, program]
            self._process = subprocess.Popen(command, env=environment, stdout=said, stderr=said, process_group=0)

    def send(self, number: signal.Signals) -> None:
        """Send it a signal. It has stopped when this returns from SIGSTOP."""
        self._signal(number)
        if number == signal.SIGSTOP:
            status = Path(f"/proc/{self._process.pid}/status")
            until(lambda: "State:\tT" in status.read_text(encoding="utf-8"))

    def ended(self, number: signal.Signals, *, alone: bool = False) -> int:
        """How it ended at this signal, also where it is stopped."""
        self._process.send_signal(number) if alone else self._signal(number)
        self._signal(signal.SIGCONT)
        return self._process.wait(60)

    def child(self) -> int:
        """The process of the worker that it has as its child; 0 while there is none."""
        children = Path(f"/proc/{self._process.pid}/task").glob("*/children")
        return next((int(pid) for one in children for pid in one.read_text(encoding="ascii").split()), 0)

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):  # all have ended
            os.killpg(self._process.pid, number)

    def logged(self) -> str:
        """All that it has said."""
        return self._log.read_text(encoding="utf-8")

    def subjects(self) -> set[UUID]:
        """The customers at whose steps it is."""
        mine = Lease.objects.filter(holder__contains=f":{self._process.pid}:")
        return set(mine.values_list("subject", flat=True))


def caught(workers: Sequence[Worker], state: str) -> tuple[Worker, Delivery]:
    """One of them, stopped (SIGSTOP) in the middle of a step of a large delivery, which is in this state. With SQLite,
    it is stopped outside a transaction: there one process at a time writes, and the others wait for it."""
    for _ in range(20):
        delivery = SampleCustomer().receive([person(str(number)) for number in range(LARGE)])
        while (now := _step(delivery))[0] in ("received", "checking", "training"):
            one = next((worker for worker in workers if delivery.customer_id in worker.subjects()), None)
            if now != (state, True) or one is None:
                continue
            one.send(signal.SIGSTOP)
            if _step(delivery) == now and delivery.customer_id in one.subjects() and _others_can_write():
                return one, delivery
            one.send(signal.SIGCONT)
    raise AssertionError(f"no worker was caught while {state}")


def _step(delivery: Delivery) -> tuple[str, bool]:
    """Its state, and whether a process has begun with a step of it."""
    time.sleep(0.003)
    state, started_by = Delivery.objects.values_list("state", "started_by").get(pk=delivery.pk)
    return state, bool(started_by)


def pause(*workers: Worker) -> None:
    """Stop them where none keeps others from writing."""
    for worker in workers:
        worker.send(signal.SIGSTOP)
        while not _others_can_write():
            worker.send(signal.SIGCONT)
            time.sleep(0.01)
            worker.send(signal.SIGSTOP)


def _others_can_write() -> bool:
    if connection.vendor != "sqlite":
        return True
    with closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=0)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
    return True
