"""What the doctor finds on a machine, without a database: each case breaks one thing, and expects one code."""

import datetime
import os
import resource
import shutil
import socket
import sqlite3
import time
import zoneinfo
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.serving import free_ports

from instroom.config.home import UNFINISHED_RESTORE
from instroom.flow.operations.doctor import database_server, embedded_database, examination, home
from instroom.flow.operations.doctor.database_server import Server
from instroom.flow.operations.doctor.diagnosis import CODES, SENTENCES, UNEXAMINED, Asked
from instroom.flow.operations.doctor.examination import examine

pytestmark = pytest.mark.unstored


class Machine(NamedTuple):
    """Where a case breaks something."""

    patch: pytest.MonkeyPatch
    home: Path

    def set(self, **settings: str | Path) -> None:
        for name, value in settings.items():
            self.patch.setenv(name, str(value))


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Machine:
    """A site that is in order, without its database."""
    for name in [name for name in os.environ if name.startswith("INSTROOM_") and "_TEST_" not in name]:
        monkeypatch.delenv(name)
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    key = folder / "secret-key"
    key.write_text("Ab3" * 20 + "\n", encoding="ascii")
    key.chmod(0o600)
    made = Machine(monkeypatch, folder)
    made.set(INSTROOM_HOME=folder, INSTROOM_HTTP="127.0.0.1:0", INSTROOM_FREE_MB="1")
    made.set(INSTROOM_FTP_PORT="0", INSTROOM_FTPES_PORT="0", INSTROOM_FTPS_PORT="0")
    return made


@contextmanager
def few_open_files(machine: Machine) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (700, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@contextmanager
def no_time_zones(machine: Machine) -> Iterator[None]:
    zoneinfo.reset_tzpath(to=[])
    yield
    zoneinfo.reset_tzpath()


@contextmanager
def port_of_another(machine: Machine) -> Iterator[None]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        machine.set(INSTROOM_FTP_PORT=str(other.getsockname()[1]))
        other.settimeout(5)
        machine.patch.setattr("instroom.flow.operations.doctor.ports._PATIENCE", 0.05)
        yield


def home_of_another(machine: Machine) -> None:
    machine.patch.setattr(os, "geteuid", lambda: machine.home.stat().st_uid + 1)


def spoil(file: Path) -> None:
    file.write_bytes(b"\xff")


def lost_key(machine: Machine) -> None:
    (machine.home / "secret-key").rename(machine.home / "instroom.sqlite3")


def certificate(
    machine: Machine, name: str = "ftp.voorbeeld.example", begin: int = -1, end: int = 90, password: bool = False
) -> None:
    """A certificate of an authority, for days from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Authority")]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + datetime.timedelta(days=begin))
        .not_valid_after(now + datetime.timedelta(days=end, minutes=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    )
    guard = serialization.BestAvailableEncryption(b"x") if password else serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, guard)
    files = {"INSTROOM_FTP_CERTIFICATE": machine.home / "c.pem", "INSTROOM_FTP_KEY": machine.home / "k.pem"}
    for file, content in zip(files.values(), (signed.public_bytes(serialization.Encoding.PEM), pem), strict=True):
        file.write_bytes(content)
        file.chmod(0o600)
    machine.set(INSTROOM_FTP_NAME="ftp.voorbeeld.example", **files)


def certificate_of_another_key(machine: Machine) -> None:
    certificate(machine)
    shutil.copy(machine.home / "k.pem", machine.home / "other.pem")
    certificate(machine)
    machine.set(INSTROOM_FTP_KEY=machine.home / "other.pem")


def certificate_with_open_key(machine: Machine) -> None:
    certificate(machine)
    (machine.home / "k.pem").chmod(0o644)


def certificate_that_is_none(machine: Machine) -> None:
    certificate(machine)
    (machine.home / "c.pem").write_text("none")


def statvfs_with(**values: int) -> Callable[[Machine], None]:
    def put(machine: Machine) -> None:
        names = ("f_bsize", "f_frsize", "f_blocks", "f_bfree", "f_bavail", "f_files", "f_ffree", "f_favail", "f_flag")
        full = {"f_frsize": 1_000_000, "f_bavail": 1_000, "f_files": 10, "f_favail": 5} | values
        answer = os.statvfs_result([full.get(name, 1) for name in (*names, "f_namemax")])
        machine.patch.setattr(os, "statvfs", lambda _: answer)

    return put


def hanging(machine: Machine) -> None:
    machine.patch.setattr(examination, "LIMIT", 0.1)
    machine.patch.setattr(os, "statvfs", lambda _: time.sleep(1))


def breaking(machine: Machine) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("b00001 Voorbeeld")

    machine.patch.setattr(os, "statvfs", fail)


BREAKAGES: dict[str, tuple[str, Callable[[Machine], Any]]] = {
    "open-files-few": ("program", few_open_files),
    "time-zones-missing": ("program", no_time_zones),
    "home-missing": ("home", lambda machine: machine.set(INSTROOM_HOME=machine.home / "no")),
    "home-is-a-file": ("home", lambda machine: machine.set(INSTROOM_HOME=machine.home / "secret-key")),
    "restore-unfinished": ("home", lambda machine: (machine.home / UNFINISHED_RESTORE).touch()),
    "home-open": ("home", lambda machine: machine.home.chmod(0o755)),
    "home-not-ours": ("home", home_of_another),
    "home-not-writable": ("home", lambda machine: machine.patch.setattr(os, "access", lambda *_: False)),
    "key-missing": ("home", lost_key),
    "key-open": ("home", lambda machine: (machine.home / "secret-key").chmod(0o644)),
    "key-unreadable": ("home", lambda machine: spoil(machine.home / "secret-key")),
    "setting-wrong": ("settings", lambda machine: machine.set(INSTROOM_HTTP="x")),
    "url-missing": ("settings", lambda machine: machine.set(INSTROOM_HTTP="0.0.0.0:8000")),
    "url-without-tls": ("settings", lambda machine: machine.set(INSTROOM_URL="http://voorbeeld.example")),
    "proxy-is-everybody": ("settings", lambda machine: machine.set(INSTROOM_PROXY="0.0.0.0/0")),
    "room-none": ("room", statvfs_with(f_bavail=0)),
    "room-low": ("room", statvfs_with(f_bavail=2)),
    "names-none": ("room", statvfs_with(f_favail=0)),
    "port-taken": ("ports", port_of_another),
    "port-refused": ("ports", lambda machine: machine.set(INSTROOM_HTTP="192.0.2.1:8000")),
    "port-free": ("ports", lambda machine: machine.set(INSTROOM_FTPES_PORT=str(free_ports(1)[0]))),
    "certificate-unusable": ("certificate", certificate_of_another_key),
    "certificate-unusable, a password": ("certificate", lambda machine: certificate(machine, password=True)),
    "certificate-unusable, no certificate": ("certificate", certificate_that_is_none),
    "certificate-unusable, no file": (
        "certificate",
        lambda machine: machine.set(INSTROOM_FTP_CERTIFICATE="no", INSTROOM_FTP_KEY="no"),
    ),
    "certificate-key-open": ("certificate", certificate_with_open_key),
    "certificate-ended": ("certificate", lambda machine: certificate(machine, begin=-90, end=-1)),
    "certificate-early": ("certificate", lambda machine: certificate(machine, begin=1)),
    "certificate-ends": ("certificate", lambda machine: certificate(machine, end=13)),
    "certificate-name": ("certificate", lambda machine: certificate(machine, name="*.elders.example")),
    "certificate": ("certificate", lambda machine: certificate(machine, name="*.voorbeeld.example")),
    "certificate-later": ("certificate", lambda machine: None),
    "unexamined-settings": ("ports", lambda machine: machine.set(INSTROOM_HTTP="x")),
    "unexamined-slow": ("room", hanging),
    "unexamined-broken": ("room", breaking),
}
"""By the code that is expected."""


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_each_breakage_is_found(machine: Machine, breakage: str) -> None:
    subject, broken = BREAKAGES[breakage]
    with broken(machine) or nullcontext():
        diagnoses = examine(Asked("en"), [subject])
    assert breakage.partition(",")[0] in [one.code for one in diagnoses]
    assert not any("Voorbeeld" in one.sentence("nl") for one in diagnoses)


@pytest.mark.parametrize("subject", ["program", "home", "settings", "room", "ports", "certificate"])
def test_a_sound_machine_is_found_so(machine: Machine, subject: str) -> None:
    assert {one.level for one in examine(Asked(), [subject])} <= {"ok"}


def test_files_of_another_user_are_found(machine: Machine) -> None:
    (found,) = home.others_below(machine.home, os.getuid() + 1)
    assert (found.code, found.facts["count"]) == ("home-holds-others", 1)


def make_database(path: Path, rows: int = 1) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (a REFERENCES a(id))")
        connection.executemany("INSERT INTO a VALUES (?)", ((number,) for number in range(rows)))
        connection.commit()
    return path


def damage(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)  # the second page
        file.write(b"\xff" * 2000)


def lose_a_reference(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO b VALUES (99999999)")
        connection.commit()


DATABASES: dict[str, Callable[[Path], Any]] = {
    "database-sound": lambda path: None,
    "database-missing": Path.unlink,
    "database-damaged": damage,
    "database-damaged, no database": lambda path: path.write_bytes(b"none of it " * 1000),
    "database-not-usable": lambda path: (path.unlink(), path.mkdir()),
    "database-references": lose_a_reference,
}


@pytest.mark.parametrize("breakage", DATABASES)
def test_the_embedded_database_is_looked_at(tmp_path: Path, breakage: str) -> None:
    path = make_database(tmp_path / "x?.sqlite3")
    DATABASES[breakage](path)
    assert [one.code for one in embedded_database.look_at(path)] == [breakage.partition(",")[0]]


def test_a_large_database_is_read_for_a_while(tmp_path: Path) -> None:
    path = make_database(tmp_path / "large.sqlite3", rows=20_000)
    assert [one.code for one in embedded_database.look_at(path, until=0)] == ["database-unfinished"]
    assert [one.code for one in embedded_database.look_at(path)] == ["database-sound"]


SOUND = Server("16.4 (Debian)", "UTF8", 97, 5, False, [])
SERVERS = {
    "server-old": SOUND._replace(version="13.9"),
    "server-encoding": SOUND._replace(encoding="SQL_ASCII"),
    "server-read-only": SOUND._replace(is_read_only=True),
    "server-not-durable": SOUND._replace(not_durable=["fsync"]),
    "connections-few": SOUND._replace(used=90),
}


@pytest.mark.parametrize("breakage", SERVERS)
def test_the_settings_of_a_server_are_looked_at(breakage: str) -> None:
    assert [one.code for one in database_server.look_at(SERVERS[breakage])] == ["server", breakage]
    assert [one.code for one in database_server.look_at(SOUND)] == ["server"]


def test_each_code_has_its_words_in_both_languages() -> None:
    codes = {code for levels in CODES.values() for codes in levels.values() for code in codes.split()}
    codes |= set(UNEXAMINED) | {f"subject-{one}" for one in CODES} | {"level-ok", "level-warning", "level-error"}
    codes |= {"test-mail-subject", "test-mail-text"}
    assert set(SENTENCES.texts("nl")) == set(SENTENCES.texts("en")) == codes
    assert list(SENTENCES.texts("nl")) == list(SENTENCES.texts("en"))
