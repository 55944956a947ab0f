"""certbot's hook gives the running file server a new certificate (deploy/certbot/instroom-ftp)."""

import datetime
import grp
import os
import socket
import ssl
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.doors.ftp.ftp_server import HOST, FtpServer, put
from tests.waiting import until

from instroom.flow.file_server.certificate import Certificate, own_certificate
from instroom.store.models import Delivery

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


class Authority:
    """One of our own, with an intermediate one as Let's Encrypt has: a program knows the root alone."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root.pem"
        root = signed("Wortel")
        self._between = signed("Tussen", root)
        self.root.write_bytes(pem(root))

    def certify(self, host: str, folder: Path) -> Certificate:
        """A certificate with its chain, and its key."""
        own = signed(host, self._between, x509.DNSName(host))
        folder.mkdir(parents=True)
        made = Certificate(folder / "fullchain1.pem", folder / "privkey1.pem")
        made.certificate.write_bytes(pem(own) + pem(self._between))
        plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        made.key.write_bytes(own.key.private_bytes(*plain))
        return made

    def is_believed(self, server: FtpServer, host: str) -> bool:
        """Whether a program that knows this authority believes that the file server is this host."""
        context = ssl.create_default_context(cafile=str(self.root))
        with socket.create_connection((HOST, server.running.ports["ftps"]), 5) as plain:
            try:
                context.wrap_socket(plain, server_hostname=host).close()
            except ssl.SSLCertVerificationError:
                return False
        return True


class Signed(NamedTuple):
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def signed(name: str, by: Signed | None = None, *hosts: x509.DNSName) -> Signed:
    """A certificate for a day: of a host, or of an authority."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder(by.certificate.subject if by else subject, subject, key.public_key())
    made = made.serial_number(x509.random_serial_number())
    made = made.not_valid_before(now - datetime.timedelta(hours=1)).not_valid_after(now + datetime.timedelta(days=1))
    made = made.add_extension(x509.BasicConstraints(ca=not hosts, path_length=None), critical=True)
    if hosts:
        made = made.add_extension(x509.SubjectAlternativeName(hosts), critical=False)
    return Signed(made.sign(by.key if by else key, hashes.SHA256()), key)


def pem(of: Signed) -> bytes:
    return of.certificate.public_bytes(serialization.Encoding.PEM)


def renew(lineage: Path, number: int, authority: Authority | None = None) -> str:
    """Another certificate, as certbot keeps it; its fingerprint."""
    place = lineage.parents[1] / "archive" / lineage.name / str(number)
    made = authority.certify(lineage.name, place) if authority else own_certificate(place)
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


def test_a_transfer_under_way_outlives_the_renewal(
    server: FtpServer, lineage: Path, folder: Path, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    client = server.sign_in("ftpes")
    upload = server.begin_upload(client)
    upload.sendall(b"a;b\n" * 1_000)
    until(lambda: server.received() == [4_000])

    renew(lineage, 2, authority)
    assert hook(lineage, folder).returncode == 0
    until(lambda: authority.is_believed(server, lineage.name), 5)
    assert not authority.is_believed(server, "een-ander.voorbeeld.example")

    upload.sendall(b"1;2\n" * 1_000)
    upload.unwrap()
    upload.close()
    assert client.voidresp().startswith("226")
    put(client, b"a;b\n1;2\n", "daarna.csv")  # in the session that knows the old certificate
    assert server.delivered() == ["personen.csv", "daarna.csv"]
    assert Delivery.objects.get(file_name="personen.csv").bytes == 8_000


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
