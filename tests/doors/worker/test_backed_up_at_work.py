"""A site is backed up while processes work on it, and its backup goes on working elsewhere: real processes."""

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from tests.commands import INSTROOM, Ran, Run, environment
from tests.contracts.customer import person, write_csv
from tests.other_site import OtherSite, empty_site

pytestmark = [pytest.mark.slow, pytest.mark.on_postgresql]


class Machine:
    """A site, and its commands in processes of their own."""

    def __init__(self, site: OtherSite, folder: Path) -> None:
        self.site, self._run = site, Run(folder)

    def run(self, *arguments: str) -> Ran:
        return self._run.process(*arguments, "--lang", "en", **self.site.settings)

    def answer(self, *arguments: str) -> str:
        """What a command writes that must succeed."""
        ran = self.run(*arguments)
        assert ran.code == 0, ran.err
        return ran.out

    def deliver(self, number: int) -> None:
        name = f"levering-{number}.csv"
        rows = [person(f"{number}-{one}", surname=f"Nummer-{number}") for one in range(50)]
        write_csv(self._run.folder / name, rows)
        self.answer("deliver", name)

    def deliveries(self) -> list[dict[str, str]]:
        return list(json.loads(self.answer("deliveries", "--format", "json"))["deliveries"])

    @contextmanager
    def working(self, *door: str) -> Iterator[None]:
        settings = environment(**self.site.settings, INSTROOM_HTTP="127.0.0.1:0", PYTHONWARNINGS="default")
        log = self._run.folder / f"{door[0]}.log"
        with log.open("wb") as said, subprocess.Popen([INSTROOM, *door], env=settings, stderr=said) as process:
            try:
                yield
            finally:
                process.send_signal(signal.SIGTERM)
                assert process.wait(60) == 0
        assert "Traceback" not in log.read_text()


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[tuple[Machine, Machine]]:
    with empty_site(tmp_path / "first", "first") as first, empty_site(tmp_path / "second", "second") as second:
        yield Machine(first, tmp_path), Machine(second, tmp_path)


def test_a_site_at_work_is_backed_up_and_goes_on_elsewhere(machines: tuple[Machine, Machine], tmp_path: Path) -> None:
    here, there = machines
    here.answer("init", "--demo")
    stop, delivered = Event(), list[int]()

    def deliver() -> None:
        while not stop.is_set():
            here.deliver(len(delivered))
            delivered.append(len(delivered))

    with ExitStack() as stack:
        stack.enter_context(here.working("worker"))
        stack.enter_context(here.working("web"))
        supplier = Thread(target=deliver)
        supplier.start()
        try:
            for _ in range(3):
                before = len(delivered)
                made = json.loads(here.answer("backup", "kopie", "--with-secret-key", "--format", "json"))
        finally:
            stop.set()
            supplier.join()
    assert made["copied"] < made["files"] and made["gone"] == 0
    assert len(delivered) > before > 0

    ran = there.run("restore", "kopie", "--verify")
    assert ran.code == 0 and "equal to those of the backup" in ran.out, ran.err
    there.answer("worker", "--once")
    there.answer("audit", "verify")
    deliveries = there.deliveries()
    assert len(deliveries) >= before and {one["state"] for one in deliveries} == {"awaiting-approval"}
    doctor = json.loads(there.run("doctor", "kept", "files", "--thorough", "--format", "json").out)
    assert doctor["level"] == "ok", doctor
    there.answer("approve", deliveries[-1]["id"])
    assert there.answer("export", "--environment", "live", "-o", "-").count("Nummer-") == 50
    there.deliver(1000)
    assert len(there.deliveries()) == len(deliveries) + 1
