"""A worker in which a thread hangs ends itself, and says where: others go on, and what hangs each time is set aside."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.contracts.customer import SampleCustomer, person
from tests.kept_files import path_of
from tests.serving import INSTROOM
from tests.waiting import until

from instroom.flow.delivery.attempts import MOST_CRASHES
from instroom.store.models import Delivery

pytestmark = pytest.mark.on_sqlite_alone
BEGIN = """
import time, re
from threading import Event
from instroom.config import setup
setup()
from instroom.doors.worker.hanging import ending_where_it_hangs, watched
from instroom.doors.worker.loop import work_until
from instroom.store import leases
"""
WORK = "with ending_where_it_hangs(still=1.5, look=0.2): work_until(Event())"
KEEPS_ALL_OTHERS_FROM_RUNNING = """
with ending_where_it_hangs(still=1, look=0.2): watched(lambda: re.match(r"(Bo|B|o)+$", "Bo" * 40 + "!"))()
"""
GOES_ON_FOR_EVER = """
import uuid
leases.LONGEST = 1
with leases.held(uuid.uuid4()), ending_where_it_hangs(look=0.2):
    while True: pass
"""
GETS_ON = """
with ending_where_it_hangs(still=1.5, look=0.2): watched(lambda: [time.sleep(0.1) for _ in range(30)])()
"""


def ended(program: str) -> tuple[int, str]:
    """How a program ended, and what it said."""
    run = subprocess.run([sys.executable, "-c", BEGIN + program], capture_output=True, text=True, timeout=60)
    return run.returncode, run.stderr


def behind_a_pipe(path: Path) -> None:
    """Whoever opens the file waits for ever, as for a disk of another machine that does not answer."""
    path.rename(path.with_suffix(".aside"))
    os.mkfifo(path)


def test_what_hangs_ends_its_process_and_is_taken_over(caplog: pytest.LogCaptureFixture) -> None:
    customer = SampleCustomer()
    delivery = customer.receive([person("1", surname="Vermeulen")])
    path = path_of(delivery.file_key)
    behind_a_pipe(path)
    code, said = ended(WORK)
    assert code == 1
    assert "the thread MainThread has done nothing for 1 s: this worker ends itself" in said
    assert 'folder_store.py", line' in said
    assert "Vermeulen" not in said
    path.with_suffix(".aside").replace(path)
    assert customer.carry_on(delivery).state == "awaiting-approval"
    assert f"delivery {delivery.pk}: its step ended or stalled the process" in caplog.text


def test_a_worker_that_was_told_to_stop_may_be_killed(caplog: pytest.LogCaptureFixture) -> None:
    """As at an upgrade where a step takes longer than a supervisor waits: that says nothing of the delivery."""
    customer = SampleCustomer()
    delivery = customer.receive([person("1")])
    path = path_of(delivery.file_key)
    behind_a_pipe(path)
    by = Delivery.objects.filter(pk=delivery.pk).values_list("started_by", flat=True)
    with subprocess.Popen([INSTROOM, "worker"], stderr=subprocess.PIPE) as worker:
        until(lambda: by.get() != "")
        worker.terminate()
        until(lambda: by.get() == "")
        worker.kill()
    assert worker.returncode == -signal.SIGKILL
    path.with_suffix(".aside").replace(path)
    assert customer.carry_on(delivery).state == "awaiting-approval"
    assert "its step" not in caplog.text


@pytest.mark.slow
def test_what_hangs_each_time_is_set_aside() -> None:
    customer = SampleCustomer()
    fatal, behind = (customer.receive([person(one)]) for one in "12")
    behind_a_pipe(path_of(fatal.file_key))
    for _ in range(MOST_CRASHES):
        assert ended(WORK)[0] == 1
    customer.carry_on(behind)
    fatal.refresh_from_db()
    assert (fatal.state, fatal.reason, behind.state) == ("failed", "crashed", "awaiting-approval")


@pytest.mark.slow
@pytest.mark.parametrize("program", [KEEPS_ALL_OTHERS_FROM_RUNNING, GOES_ON_FOR_EVER])
def test_what_computes_for_ever_ends_its_process_too(program: str) -> None:
    began = time.monotonic()
    code, said = ended(program)
    assert (code, "most recent call first" in said) == (1, True)
    assert time.monotonic() - began < 30


@pytest.mark.slow
def test_what_gets_on_slowly_is_left_alone() -> None:
    assert ended(GETS_ON) == (0, "")
