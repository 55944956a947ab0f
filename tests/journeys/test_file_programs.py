"""Never half a file, with the programs that customers have (product.md F3)."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.journeys.file_programs import DOTNET, PROGRAMS, PYTHON, RESUMING, WPUT, Errand, Program
from tests.waiting import until

if TYPE_CHECKING:
    from tests.doors.ftp.ftp_server import FtpServer

pytestmark = pytest.mark.on_sqlite_alone

Count = Callable[[str, int], None]
SIZES = [3_000_000, 0, 1, 70_000, 17_000_000]
GOOD = b"het goede bestand\r\n"
NAME = "personen.csv"
SLOW = pytest.mark.slow


def ways(programs: list[Program]) -> list[Any]:
    """Each program by each mode and version of TLS that it can. In `make test` Python's own, once by each mode."""
    at_hand = {(PYTHON, *way) for way in (("ftp", ""), ("ftpes", "TLSv1.3"), ("ftps", "TLSv1.2"))}
    return [
        pytest.param(*one, id=" ".join(filter(None, (one[0].name, *one[1:]))), marks=[] if one in at_hand else [SLOW])
        for program in programs
        for one in ((program, *way) for way in program.ways())
    ]


WAYS = ways(PROGRAMS)
SIGNALS = [*(pytest.param(one, marks=SLOW) for one in (signal.SIGINT, signal.SIGTERM)), signal.SIGKILL]
NOT_TO_BE_TOLD = {("ncftp", signal.SIGINT), ("tnftp", signal.SIGINT)}
"""Without TLS these end the data as if the file were whole, wait for the answer, and go on: nothing on the wire differs
from an upload that is finished. Then the check has to find it (docs/explanation)."""


@pytest.fixture
def count(record_property: Callable[[str, object], None]) -> Count:
    """Count something; the sums are told at the end of the run."""
    return lambda what, number: record_property(f"count: {what}", number)


@pytest.fixture
def server(tmp_path: Path) -> "Iterator[FtpServer]":
    """A file server."""
    from tests.doors.ftp.ftp_server import FtpServer

    server = FtpServer(tmp_path / "server", patience=0.25)
    yield server
    server.close()


@pytest.fixture
def slow_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time enough to strike in the middle."""
    from instroom.store.files.partial_upload import PartialUpload

    write = PartialUpload.write

    def slowly(part: PartialUpload, chunk: bytes) -> int:
        time.sleep(len(chunk) / 4_000_000)
        return write(part, chunk)

    monkeypatch.setattr(PartialUpload, "write", slowly)


@cache
def large_delivery() -> bytes:
    """9000 persons, of whom each row is cut off somewhere when the file is."""
    from instroom.core.layout.standard import standard

    headers = standard().headers
    person = {"PersoonExternSource": "HR", "PersoonAchternaam": "Voorbeeld", "PersoonOpmerking": "w" * 400}
    rows = ([(person | {"PersoonExternId": f"P-{row}"}).get(header, "") for header in headers] for row in range(9000))
    return "".join(";".join(row) + "\r\n" for row in (headers, *rows)).encode()


def errand(server: "FtpServer", mode: str, version: str, file: Path) -> Errand:
    """To upload this file."""
    from tests.doors.ftp.ftp_server import PASSWORD

    user = "oud" if mode == "ftp" else "hr"
    return Errand(mode, version, server.running.ports[mode], user, PASSWORD, file, NAME)  # type: ignore[index]


def contents() -> list[bytes]:
    """What has been delivered."""
    from tests.kept_files import kept

    from instroom.store.models import Delivery

    return [kept(one) for one in Delivery.objects.order_by("pk")]


def run(program: Program, errand: Errand) -> "subprocess.CompletedProcess[str]":
    """Upload, and wait for the program."""
    return subprocess.run(program.command(errand), capture_output=True, text=True, timeout=120, check=False)


def test_at_least_two_hundred_uploads_are_made() -> None:
    assert len(WAYS) * len(SIZES) >= 200


@pytest.mark.parametrize(("program", "mode", "version"), WAYS)
def test_every_upload_arrives_byte_for_byte(
    server: "FtpServer", tmp_path: Path, count: Count, program: Program, mode: str, version: str
) -> None:
    file, sent, refused = tmp_path / NAME, [], []
    for size in SIZES:
        sent.append(os.urandom(size))
        file.write_bytes(sent[-1])
        done = run(program, errand(server, mode, version, file))
        refused += [done.stderr + done.stdout] if done.returncode else []
    delivered, arrived = server.delivered(), contents()
    count("good uploads", len(sent))
    count("good uploads that were refused", len(refused))
    count("good uploads that arrived byte for byte", sum(one in arrived for one in sent))
    assert refused == []
    assert delivered == [NAME] * len(sent)
    assert arrived == sent


@pytest.mark.parametrize("blow", SIGNALS, ids=lambda one: one.name)
@pytest.mark.parametrize(("program", "mode", "version"), WAYS)
def test_an_upload_that_is_struck_down_is_not_delivered(
    server: "FtpServer",
    slow_disk: None,
    tmp_path: Path,
    count: Count,
    program: Program,
    mode: str,
    version: str,
    blow: Any,
) -> None:
    from tests.doors.ftp.ftp_server import put

    put(server.sign_in(mode), GOOD)  # type: ignore[arg-type]
    file = tmp_path / NAME
    whole = large_delivery()
    file.write_bytes(whole)
    strike_down(server, program, errand(server, mode, version, file), blow)
    server.settle()
    got = contents()
    half = [one for one in got[1:] if one != whole]  # a program may take no notice, or begin again
    told = (program.name, blow) not in NOT_TO_BE_TOLD
    count("uploads that were struck down", 1)
    count("half files that were taken for whole, and rejected by the check", 0 if told else len(half))
    count("half files that were taken for whole", len(half) if told else 0)
    assert got[0] == GOOD
    if half and not told:
        assert_rejected()
    else:
        assert half == []
    assert blow != signal.SIGKILL or len(got) == 1


@pytest.mark.parametrize(("program", "mode", "version"), ways(RESUMING))
def test_an_upload_that_was_struck_down_can_be_resumed(
    server: "FtpServer", slow_disk: None, tmp_path: Path, program: Program, mode: str, version: str
) -> None:
    file = tmp_path / NAME
    file.write_bytes(os.urandom(4_000_000))
    asked = errand(server, mode, version, file)
    strike_down(server, program, asked, signal.SIGKILL)
    kept = [part.stat().st_size for part in parts(server)]
    assert kept
    assert 0 < kept[0] < 4_000_000
    assert run(program, asked).returncode == 0
    server.settle()
    assert contents() == [file.read_bytes()]


@pytest.mark.parametrize(("program", "mode", "version"), ways(RESUMING))
def test_an_upload_that_broke_off_at_its_very_end_is_resumed_too(
    server: "FtpServer", tmp_path: Path, program: Program, mode: str, version: str
) -> None:
    """Where it found all of its file there, a program would send nothing and say that all is well."""
    from tests.doors.ftp.ftp_server import drop, vanish
    from tests.waiting import until

    file = tmp_path / NAME
    file.write_bytes(os.urandom(300_000))
    client = server.sign_in(mode)  # type: ignore[arg-type]
    data = server.begin_upload(client)
    data.sendall(file.read_bytes())
    until(lambda: server.received() == [300_000])
    vanish(data)
    drop(client)
    until(lambda: [part.suffix for part in parts(server)] == [".rest"])
    assert run(program, errand(server, mode, version, file)).returncode == 0
    assert server.delivered() == [NAME]
    assert contents() == [file.read_bytes()]


@pytest.mark.parametrize("size", [3_000_000, 2_000_000], ids=["longer", "of the same size"])
@pytest.mark.parametrize(("program", "mode", "version"), ways(RESUMING))
def test_nothing_is_put_after_an_older_file(
    server: "FtpServer", tmp_path: Path, program: Program, mode: str, version: str, size: int
) -> None:
    file, sent = tmp_path / NAME, [os.urandom(2_000_000), os.urandom(size)]
    for content in sent:
        file.write_bytes(content)
        assert run(program, errand(server, mode, version, file)).returncode == 0
    server.settle()
    assert contents() == sent


@pytest.mark.slow
@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
@pytest.mark.parametrize(("name", "resumes"), [("curl", True), ("lftp", True), ("python", False)])
def test_who_resumes_tls_goes_on_where_it_must(
    server: "FtpServer", tmp_path: Path, name: str, resumes: bool, version: str
) -> None:
    from instroom.flow import find
    from instroom.flow.file_server import accounts

    accounts.change(accounts.account("hr"), by=find.user("operator"), tls_resumption="always")
    program = next(one for one in PROGRAMS if one.name == name)
    file = tmp_path / NAME
    file.write_bytes(os.urandom(3_000_000))
    assert (run(program, errand(server, "ftpes", version, file)).returncode == 0) is resumes
    assert server.delivered() == [NAME] * resumes


@pytest.mark.slow
def test_wput_says_no_close_notify_and_is_refused_over_tls_unless_it_is_let_off(
    server: "FtpServer", tmp_path: Path
) -> None:
    from instroom.flow import find
    from instroom.flow.file_server import accounts

    file = tmp_path / NAME
    file.write_bytes(os.urandom(3_000_000))
    asked = errand(server, "ftpes", "TLSv1.2", file)
    assert run(WPUT, asked).returncode != 0
    assert server.delivered() == []
    accounts.change(accounts.account("hr"), by=find.user("operator"), allow_missing_close_notify=True)
    assert run(WPUT, asked).returncode == 0
    assert server.delivered() == [NAME]
    assert contents() == [file.read_bytes()]


def strike_down(server: "FtpServer", program: Program, errand: Errand, blow: signal.Signals) -> None:
    """Send it a signal in the middle of its upload, and wait until nothing is on its way any more."""
    from tests.waiting import until

    command = program.command(errand)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as process:
        until(lambda: any(part.stat().st_size > 400_000 for part in parts(server)))
        process.send_signal(blow)
        try:
            process.communicate(timeout=8)
        except subprocess.TimeoutExpired:
            process.kill()
    until(lambda: not [part for part in parts(server) if part.suffix != ".rest"])


def assert_rejected() -> None:
    """The check finds that the file was cut off."""
    from instroom.flow.delivery.advance import advance_all
    from instroom.store.models import Delivery

    advance_all()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"rejected"}


def parts(server: "FtpServer") -> list[Path]:
    """What is on its way, and what broke off."""
    return [part for part in server.settings.folder.glob("accounts/*/parts/*") if part.exists()]


@pytest.mark.slow
def test_what_dotnet_needs_stands_where_its_operator_looks(server: "FtpServer", tmp_path: Path) -> None:
    """Over TLS its upload is refused, and the page of its account says why, with the switch; with that it arrives."""
    from instroom.flow import find
    from instroom.flow.file_server import accounts, failed_attempts

    account = accounts.account("hr")
    file = tmp_path / NAME
    file.write_bytes(GOOD)
    refused = run(DOTNET, errand(server, "ftpes", "its own", file))
    assert refused.returncode == 1
    assert "426" in refused.stderr
    until(lambda: bool(failed_attempts.attempts_of([account])))
    (attempt,) = failed_attempts.attempts_of([account])
    assert (attempt.cause, attempt.file_name) == ("no-close-notify", NAME)
    assert failed_attempts.document(attempt, "en")["setting"] == "allow_missing_close_notify"
    accounts.change(account, by=find.user("operator"), allow_missing_close_notify=True)
    arrived = run(DOTNET, errand(server, "ftpes", "its own", file))
    assert (arrived.returncode, arrived.stderr) == (0, "")
    assert server.delivered() == [NAME]
    assert contents() == [GOOD]
