"""A self-signed certificate for sites that have none: created once and kept in a folder."""

import datetime
import fcntl
import hashlib
import ipaddress
import os
import secrets
import ssl
from pathlib import Path
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from instroom.config.file_server import FileServerSettings

_YEARS: Final = 10
_NAME: Final = "instroom"


class Certificate(NamedTuple):
    """The paths of a certificate and its key."""

    certificate: Path
    key: Path

    def fingerprint(self) -> str:
        """The SHA-256 of the certificate, as clients show it. Raises OSError and ValueError."""
        der = ssl.PEM_cert_to_DER_cert(_first_of(self.certificate.read_text(encoding="ascii")))
        digest = hashlib.sha256(der).hexdigest().upper()
        return ":".join(digest[place : place + 2] for place in range(0, len(digest), 2))

    def ends(self) -> datetime.datetime:
        """Raises OSError and ValueError."""
        return x509.load_pem_x509_certificate(self.certificate.read_bytes()).not_valid_after_utc


def chosen_certificate(settings: FileServerSettings) -> Certificate | None:
    """The one that the site has chosen; None where the file server makes its own, which `certificate_in` its folder."""
    return Certificate(settings.certificate, settings.key) if settings.certificate and settings.key else None


def certificate_in(folder: Path) -> Certificate:
    """Where the certificate of a folder is, or would be."""
    return Certificate(folder / "certificate.pem", folder / "key.pem")


def own_certificate(folder: Path) -> Certificate:
    """The certificate in this folder, created if missing. Raises OSError."""
    made = certificate_in(folder)
    if not (made.certificate.exists() and made.key.exists()):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (folder / "certificate.lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # two servers that start at once must not mix their keys
            _make_missing(made)
    return made


def _make_missing(made: Certificate) -> None:
    if made.certificate.exists() and made.key.exists():
        return
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, _NAME)])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=365 * _YEARS))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    _write(made.key, pem)
    _write(made.certificate, signed.public_bytes(serialization.Encoding.PEM))


def _write(target: Path, text: bytes) -> None:
    draft = target.with_name(f"{target.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)


def _first_of(text: str) -> str:
    """The server's certificate; those of its authorities follow it."""
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    return text[text.index(begin) : text.index(end) + len(end)]
