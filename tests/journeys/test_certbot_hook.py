"""certbot's hook gives the running file server a new certificate (deploy/certbot/instroom-ftp)."""

import grp
import os
import socket
import ssl
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.doors.ftp.ftp_server import HOST, FtpServer
from tests.waiting import until

from instroom.flow.file_server.certificate import Certificate, own_certificate

pytestmark = pytest.mark.on_sqlite_alone

HOOK = Path(__file__).parents[2] / "deploy" / "certbot" / "instroom-ftp"


@pytest.fixture
def lineage(tmp_path: Path) -> Path:
    """Where certbot has links to its newest certificate."""
    place = tmp_path / "live" / "ftp.voorbeeld.example"
    place.mkdir(parents=True)
    return place


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "certificate"


@pytest.fixture
def server(tmp_path: Path, lineage: Path, folder: Path) -> Iterator[FtpServer]:
    """A file server with the certificate that the hook gave it before it started."""
    renew(lineage, 1)
    hook(lineage, folder)
    current = folder / "current"
    running = FtpServer(tmp_path, certificate=current / "fullchain.pem", key=current / "privkey.pem")
    yield running
    running.close()


def renew(lineage: Path, number: int) -> str:
    """Another certificate, as certbot keeps it; its fingerprint."""
    archive = lineage.parents[1] / "archive" / lineage.name
    made = own_certificate(archive / str(number))
    for link, target in (("fullchain.pem", made.certificate), ("privkey.pem", made.key)):
        target.chmod(0o600)
        (lineage / link).unlink(missing_ok=True)
        (lineage / link).symlink_to(target)
    return made.fingerprint()


def hook(lineage: Path, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run it as certbot does."""
    own_group = grp.getgrgid(os.getgid()).gr_name
    given = {"RENEWED_LINEAGE": str(lineage), "RENEWED_DOMAINS": lineage.name}
    given |= {"INSTROOM_CERTIFICATE_FOLDER": str(folder), "INSTROOM_GROUP": own_group, "PATH": os.environ["PATH"]}
    return subprocess.run([HOOK], env=given, capture_output=True, text=True, check=False)


def shown(server: FtpServer) -> str:
    """The fingerprint of the certificate that a program sees."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection((HOST, server.running.ports["ftps"]), 5) as plain,
        context.wrap_socket(plain) as connection,
    ):
        der = connection.getpeercert(binary_form=True)
    file = server.settings.folder / "seen.pem"
    file.write_text(ssl.DER_cert_to_PEM_cert(der or b""), encoding="ascii")
    return Certificate(file, file).fingerprint()


def test_the_file_server_shows_the_new_certificate_at_once(server: FtpServer, lineage: Path, folder: Path) -> None:
    before = shown(server)
    renewed = renew(lineage, 2)
    done = hook(lineage, folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert before != renewed
    until(lambda: shown(server) == renewed, 5)


def test_only_the_group_of_the_file_server_can_read_the_key(lineage: Path, folder: Path) -> None:
    renew(lineage, 1)
    hook(lineage, folder)
    renew(lineage, 2)
    hook(lineage, folder)
    current = folder / "current"
    assert sorted(one.name for one in folder.iterdir()) == sorted(["current", current.readlink().name])
    for name, mode in (("fullchain.pem", 0o640), ("privkey.pem", 0o640), (".", 0o750)):
        facts = (current / name).stat()
        assert (stat.S_IMODE(facts.st_mode), facts.st_gid) == (mode, os.getgid()), name


@pytest.mark.parametrize("lost", ["fullchain.pem", "privkey.pem"])
def test_a_renewal_that_lacks_a_file_leaves_all_as_it_was(lineage: Path, folder: Path, lost: str) -> None:
    renew(lineage, 1)
    hook(lineage, folder)
    before = (folder / "current").readlink()
    (lineage / lost).unlink()
    done = hook(lineage, folder)
    assert done.returncode != 0
    assert lost in done.stderr
    assert [one.name for one in folder.iterdir() if one.name != "current"] == [str(before)]
    assert (folder / "current" / "privkey.pem").exists()


def test_it_says_when_it_was_not_started_by_certbot(folder: Path) -> None:
    done = subprocess.run([HOOK], env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "RENEWED_LINEAGE" in done.stderr
