"""The certificate of the file server: whether it can be used, for how long, and for which names."""

import datetime
import ipaddress
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from instroom.config.file_server import OFF, file_server
from instroom.config.listening import site_url
from instroom.flow.file_server.certificate import Certificate, certificate_in, chosen_certificate
from instroom.flow.operations.doctor.diagnosis import Asked, Diagnosis, diagnosis

_SOON: Final = 14
"""Days. Certbot renews 30 days before the end."""


def look(asked: Asked) -> Iterator[Diagnosis]:
    """Raises SettingsError."""
    settings = file_server()
    if all(settings.ports[mode].wished == OFF for mode in ("ftpes", "ftps")):
        return
    if chosen := chosen_certificate(settings):
        yield from _look_at(chosen, _name())
        return
    own = certificate_in(settings.folder)
    if own.certificate.exists() or own.key.exists():
        yield from _look_at(own, "")
    else:
        yield diagnosis("certificate-later", file=own.certificate)


def _name() -> str:
    """Where suppliers find the file server."""
    return os.environ.get("INSTROOM_FTP_NAME") or urlsplit(site_url(os.environ.get("INSTROOM_URL", ""))).hostname or ""


def _look_at(pair: Certificate, name: str) -> Iterator[Diagnosis]:
    """`name` is a host for which it must hold; "" for one that the server has made for itself."""
    files = {"certificate": pair.certificate, "key": pair.key}
    try:
        certificate = x509.load_pem_x509_certificate(pair.certificate.read_bytes())
        key = load_pem_private_key(pair.key.read_bytes(), password=None)
    except OSError as error:
        yield diagnosis("certificate-unusable", **files, reason=error.strerror)
        return
    except (ValueError, TypeError):  # no PEM, or a key behind a password
        yield diagnosis("certificate-unusable", **files, reason="PEM")
        return
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if certificate.public_key().public_bytes(*form) != key.public_key().public_bytes(*form):
        yield diagnosis("certificate-unusable", **files, reason="certificate ≠ key")
        return
    if _is_open(pair.key):
        yield diagnosis("certificate-key-open", file=pair.key)
    yield _time_left(certificate, pair.certificate)
    if name and not _holds_for(certificate, name):
        yield diagnosis("certificate-name", file=pair.certificate, name=name)


def _is_open(key: Path) -> bool:
    return bool(key.stat().st_mode & stat.S_IRWXO)


def _time_left(certificate: x509.Certificate, file: Path) -> Diagnosis:
    now = datetime.datetime.now(datetime.UTC)
    days = (certificate.not_valid_after_utc - now).days
    if now < certificate.not_valid_before_utc:
        return diagnosis("certificate-early", file=file)
    if now > certificate.not_valid_after_utc:
        return diagnosis("certificate-ended", file=file)
    if days < _SOON:
        return diagnosis("certificate-ends", file=file, days=days)
    return diagnosis("certificate-own" if certificate.issuer == certificate.subject else "certificate", days=days)


def _holds_for(certificate: x509.Certificate, name: str) -> bool:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return False
    try:
        return ipaddress.ip_address(name) in names.get_values_for_type(x509.IPAddress)
    except ValueError:
        parent = name.lower().partition(".")[2]
        held = {one.lower() for one in names.get_values_for_type(x509.DNSName)}
        return name.lower() in held or f"*.{parent}" in held
