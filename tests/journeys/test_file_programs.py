"""Never half a file, with the programs that customers have (product.md F3)."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.journeys.file_programs import PROGRAMS, Errand, Program

if TYPE_CHECKING:
    from tests.doors.ftp.quay import Quay

pytestmark = pytest.mark.slow

TIMES = 6
"""How often each way is gone: 210 uploads in all."""
GOOD = b"het goede bestand\r\n"
NAME = "personen.csv"
WAYS = [(program, *way) for program in PROGRAMS for way in program.ways()]
SLAIN = [(program, mode) for program in PROGRAMS for mode in ("ftp", "ftpes") if mode in program.modes]
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGKILL]
NOT_TO_BE_TOLD = {("ncftp", signal.SIGINT), ("tnftp", signal.SIGINT)}
"""Without TLS these end the data as if the file were whole, wait for the answer, and go on: nothing on the wire differs
from an upload that is finished. Then the check has to find it (docs/explanation)."""


def name_of(value: object) -> str:
    """How a case is named in the test report."""
    return value.name if isinstance(value, Program | signal.Signals) else str(value)


@pytest.fixture
def quay(tmp_path: Path) -> "Iterator[Quay]":
    """A file server."""
    from tests.doors.ftp.quay import Quay

    quay = Quay(tmp_path / "server", patience=0.25)
    yield quay
    quay.close()


@pytest.fixture
def slow_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time enough to strike in the middle."""
    from instroom.store.part import Part

    write = Part.write

    def slowly(part: Part, chunk: bytes) -> int:
        time.sleep(len(chunk) / 4_000_000)
        return write(part, chunk)

    monkeypatch.setattr(Part, "write", slowly)


def large_delivery() -> bytes:
    """9000 persons, of whom each row is cut off somewhere when the file is."""
    from instroom.core.layout.loader import standard

    headers = standard().headers
    person = {"PersoonExternSource": "HR", "PersoonAchternaam": "Voorbeeld", "PersoonOpmerking": "w" * 400}
    rows = ([(person | {"PersoonExternId": f"P-{row}"}).get(header, "") for header in headers] for row in range(9000))
    return "".join(";".join(row) + "\r\n" for row in (headers, *rows)).encode()


def errand(quay: "Quay", mode: str, version: str, file: Path) -> Errand:
    """To upload this file."""
    from tests.doors.ftp.quay import PASSWORD

    user = "oud" if mode == "ftp" else "hr"
    return Errand(mode, version, quay.server.ports[mode], user, PASSWORD, file, NAME)  # type: ignore[index]


def contents() -> list[bytes]:
    """What has been delivered."""
    from instroom.store import files
    from instroom.store.models import Delivery

    return [files.path_of(one.file_key).read_bytes() for one in Delivery.objects.order_by("pk")]


@pytest.mark.parametrize(("program", "mode", "version"), WAYS, ids=name_of)
def test_every_upload_arrives_byte_for_byte(
    quay: "Quay", tmp_path: Path, program: Program, mode: str, version: str
) -> None:
    file = tmp_path / NAME
    sent = []
    for number in range(TIMES):
        sent.append(os.urandom([3_000_000, 1, 70_000][number % 3]))
        file.write_bytes(sent[-1])
        command = program.command(errand(quay, mode, version, file))
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr + done.stdout
    assert set(quay.delivered()) == {NAME}
    assert contents() == sent


@pytest.mark.parametrize("blow", SIGNALS, ids=name_of)
@pytest.mark.parametrize(("program", "mode"), SLAIN, ids=name_of)
def test_an_upload_that_is_struck_down_is_not_delivered(
    quay: "Quay", slow_disk: None, tmp_path: Path, program: Program, mode: str, blow: signal.Signals
) -> None:
    from tests.doors.ftp.quay import put, until

    with_good = quay.sign_in(mode)  # type: ignore[arg-type]
    put(with_good, GOOD)
    file = tmp_path / NAME
    whole = large_delivery()
    file.write_bytes(whole)
    version = "TLSv1.3" if mode != "ftp" else ""
    command = program.command(errand(quay, mode, version, file))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as process:
        until(lambda: any(part.stat().st_size > 400_000 for part in parts(quay)))
        process.send_signal(blow)
        try:
            process.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
    until(lambda: not [part for part in parts(quay) if part.suffix != ".rest"])
    quay.settle()
    got = contents()
    assert got[0] == GOOD
    if (program.name, blow) in NOT_TO_BE_TOLD:
        assert_rejected()
        return
    assert all(one == whole for one in got[1:])  # a program may take no notice, or begin again
    assert blow != signal.SIGKILL or len(got) == 1


def assert_rejected() -> None:
    """The check finds that the file was cut off."""
    from instroom.flow.advance import advance_all
    from instroom.store.models import Delivery

    advance_all()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"rejected"}


def parts(quay: "Quay") -> list[Path]:
    """What is on its way, and what broke off."""
    return [part for part in quay.settings.folder.glob("accounts/*/parts/*") if part.exists()]
