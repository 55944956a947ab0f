"""ProFTPD receives and `instroom watch` takes over, by the configuration in docs/how-to/proftpd.md (product.md F5)."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.contracts.customer import person, write_csv
from tests.doors.ftp.ftp_server import PASSWORD, add_account
from tests.doors.watch.watched_folder import carry_on, delivered
from tests.journeys.file_programs import HOST, Errand, curl, lftp
from tests.serving import free_ports
from tests.waiting import until

from instroom.flow.file_server.certificate import own_certificate
from instroom.flow.operations.init import DEMO_USERS, add_customer
from instroom.store.models import Delivery

pytestmark = [pytest.mark.slow, pytest.mark.on_sqlite_alone]

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "proftpd.md"
MODES = ("ftp", "ftpes", "ftps")
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGKILL]
NAME = "personen.csv"
SETTLE = 2.5


def block(language: str) -> str:
    """The one block of the page in this language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return str(found)


class Site:
    """ProFTPD as the page has it, but for its ports and folders, and the watcher as its unit starts it."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.folder = place / "srv"
        self.ports = dict(zip(MODES, free_ports(3), strict=True))
        self.owner = (65_534, 65_534) if os.geteuid() == 0 else (os.getuid(), os.getgid())
        for one in (place, self.folder, place / "etc", place / "etc" / "tls", place / "log"):
            one.mkdir(exist_ok=True)
            one.chmod(0o755)
        self._make_certificate()
        self._add("hr", "instroom.passwd")
        self._add("oud", "instroom.passwd", "instroom-plain.passwd")
        (place / "proftpd.conf").write_text(self._configuration())
        self._running: list[subprocess.Popen[bytes]] = []
        self._start("/usr/sbin/proftpd", "--nodaemon", "--config", str(place / "proftpd.conf"))
        self._start(*self._watching(), "--settle", str(SETTLE))

    def begin(self) -> None:
        """Wait until both are ready."""
        until(lambda: (self.place / "log" / "instroom").stat().st_size)
        until(lambda: all(answers(port) for port in self.ports.values()))

    def close(self) -> None:
        """Stop both, the watcher calmly, whatever has become of them."""
        ended = []
        for one in self._running:
            one.send_signal(signal.SIGTERM)
            ended.append(one.wait(30))
        assert ended[1:] == [0]

    def errand(self, mode: str, file: Path) -> Errand:
        """To upload this file."""
        user = "oud" if mode == "ftp" else "hr"
        return Errand(mode, "TLSv1.2" if mode != "ftp" else "", self.ports[mode], user, PASSWORD, file, NAME)

    def home(self, mode: str) -> Path:
        """Where that comes to lie."""
        return self.folder / ("oud" if mode == "ftp" else "hr")

    def fetch(self, mode: str, name: str) -> "subprocess.CompletedProcess[bytes]":
        """A file of the account, by FTP."""
        errand = self.errand(mode, Path("/dev/null"))
        tls = ["--insecure", *(["--ssl-reqd"] if mode == "ftpes" else [])] if errand.version else []
        scheme = "ftps" if mode == "ftps" else "ftp"
        address = f"{scheme}://{HOST}:{errand.port}/{name}"
        command = ["curl", "-sS", *tls, "--user", f"{errand.user}:{PASSWORD}", address]
        return subprocess.run(command, capture_output=True, timeout=60, check=False)

    def _configuration(self) -> str:
        first, *_ = free_ports(1)
        changes = {
            r"(Port +)21$": rf"\g<1>{self.ports['ftp']}",
            r"(Port +)910$": rf"\g<1>{self.ports['ftpes']}",
            r"(Port +)990$": rf"\g<1>{self.ports['ftps']}",
            r"(PassivePorts +).*": rf"\g<1>{first} {min(first + 40, 65_535)}",
            r"TLSRSACertificate": "TLSECCertificate",  # of the kind that we make ourselves
            r"/etc/proftpd": str(self.place / "etc"),
            r"/var/log/proftpd": str(self.place / "log"),
        }
        if os.geteuid() != 0:  # only root can shut an account in, or run as somebody else
            changes |= {r"^ *DefaultRoot.*\n": "", r"^(User|Group) .*\n": ""}
        text = block("apache")
        for found, put in changes.items():
            text, count = re.subn(found, put, text, flags=re.MULTILINE)
            assert count, found
        own = {"PidFile": "pid", "ScoreboardFile": "scoreboard", "DelayTable": "delay"}
        return text + "".join(f"{name} {self.place / file}\n" for name, file in own.items())

    def _watching(self) -> list[str]:
        """What the unit on the page runs, here."""
        (line,) = re.findall(r"^ExecStart=\S+/instroom (.*)$", block("ini"), re.MULTILINE)
        instroom = str(Path(sys.executable).with_name("instroom"))
        return [instroom, *line.replace("/srv/aanleveren", str(self.folder)).split()]

    def _add(self, name: str, *lists: str) -> None:
        home = self.folder / name
        home.mkdir()
        home.chmod(0o750)
        os.chown(home, *self.owner)
        number, group = map(str, self.owner)
        for one in lists:
            command = ["ftpasswd", "--passwd", "--sha512", f"--file={self.place / 'etc' / one}", f"--name={name}"]
            command += [f"--home={home}", "--shell=/usr/sbin/nologin", f"--uid={number}", f"--gid={group}", "--stdin"]
            subprocess.run(command, input=PASSWORD, text=True, capture_output=True, check=True)

    def _make_certificate(self) -> None:
        made = own_certificate(self.place / "made")
        shutil.copy(made.certificate, self.place / "etc" / "tls" / "certificate.pem")
        shutil.copy(made.key, self.place / "etc" / "tls" / "key.pem")

    def _start(self, *command: str) -> None:
        with (self.place / "log" / Path(command[0]).name).open("wb") as log:
            self._running.append(subprocess.Popen(command, stdout=log, stderr=log))


def whole(place: Path) -> bytes:
    """Four megabytes of persons."""
    rows = [{**person(str(number)), "PersoonOpmerking": "w" * 400} for number in range(8000)]
    return write_csv(place / "geheel.csv", rows).read_bytes()


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    try:
        socket.create_connection((HOST, port), 1).close()
    except OSError:
        return False
    return True


@pytest.fixture
def site() -> Iterator[Site]:
    """A running site, and the accounts of both sides."""
    add_customer("demo", "Demo", DEMO_USERS)
    add_account("hr")
    add_account("oud", plain_ftp=True)
    with tempfile.TemporaryDirectory(prefix="instroom-proftpd-") as place:  # pytest's own are for us alone
        site = Site(Path(place))
        try:
            site.begin()
            yield site
        finally:
            site.close()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("program", [curl, lftp])
def test_an_upload_becomes_a_delivery_and_its_answer_can_be_fetched(
    site: Site, tmp_path: Path, program: Callable[[Errand], list[str]], mode: str
) -> None:
    file = tmp_path / NAME
    file.write_bytes(whole(tmp_path)[:2_000_000])
    command = program(site.errand(mode, file))
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    until(delivered, 30)
    assert delivered() == [(NAME, file.read_bytes())]
    carry_on()
    until(lambda: (site.home(mode) / f"{NAME}.rapport.json").exists())
    answer = site.fetch(mode, f"{NAME}.rapport.json")
    assert json.loads(answer.stdout)["state"] == "rejected", answer.stderr  # it ends in the middle of a row
    assert site.fetch(mode, f"{NAME}.rapport.xlsx").stdout.startswith(b"PK")
    assert sorted(one.name for one in site.home(mode).iterdir()) == [f"{NAME}.rapport.json", f"{NAME}.rapport.xlsx"]


def test_without_tls_only_who_is_named_comes_in(site: Site, tmp_path: Path) -> None:
    file = tmp_path / NAME
    file.write_bytes(b"x")
    wrong = site.errand("ftp", file)._replace(user="hr")
    assert subprocess.run(curl(wrong), capture_output=True, timeout=60, check=False).returncode == 67
    unsafe = site.errand("ftpes", file)._replace(mode="ftp", version="")
    assert subprocess.run(curl(unsafe), capture_output=True, timeout=60, check=False).returncode == 67
    assert list(site.home("ftpes").iterdir()) == []


@pytest.mark.parametrize("blow", SIGNALS, ids=lambda blow: blow.name)
@pytest.mark.parametrize("mode", MODES)
def test_an_upload_that_is_struck_down_is_not_imported(
    site: Site, tmp_path: Path, mode: str, blow: signal.Signals
) -> None:
    """This server takes it for whole, with TLS too: the check finds it."""
    file = tmp_path / NAME
    file.write_bytes(whole(tmp_path))
    strike_down(site, mode, curl(site.errand(mode, file)), blow)
    until(lambda: not [one for one in site.home(mode).iterdir() if one.name.startswith(".in.")])
    time.sleep(SETTLE + 2)
    carry_on()
    assert set(Delivery.objects.values_list("state", flat=True)) <= {"rejected"}


@pytest.mark.parametrize("mode", MODES)
def test_under_a_temporary_name_it_does_not_even_come_in(site: Site, tmp_path: Path, mode: str) -> None:
    file = tmp_path / NAME
    file.write_bytes(whole(tmp_path))
    errand = site.errand(mode, file)._replace(name=f"{NAME}.part")
    command = [*curl(errand), "--quote", f"-RNFR {NAME}.part", "--quote", f"-RNTO {NAME}"]
    strike_down(site, mode, command, signal.SIGKILL)
    time.sleep(SETTLE + 2)
    assert delivered() == []
    subprocess.run(command, capture_output=True, timeout=60, check=True)
    until(delivered, 30)
    assert delivered() == [(NAME, file.read_bytes())]


def strike_down(site: Site, mode: str, command: list[str], blow: signal.Signals) -> None:
    """Upload slowly, and end the program in the middle."""
    with subprocess.Popen([*command, "--limit-rate", "1M"], stderr=subprocess.PIPE) as process:
        until(lambda: any(one.stat().st_size > 400_000 for one in site.home(mode).iterdir()))
        process.send_signal(blow)
    assert delivered() == []
