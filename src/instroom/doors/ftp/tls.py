"""TLS of the file server: a context per session, so that only its own data connections can resume its TLS session.

With one context for all, a program could resume the session of another control connection, also without signing in.
"""

import logging
import os
import ssl
import time
import weakref
from pathlib import Path
from typing import Final

from instroom.flow.file_server.certificate import Certificate

_CHECK_INTERVAL: Final = 1.0  # seconds
_log = logging.getLogger("instroom.ftp")


class Tls:
    """TLS 1.2 and 1.3, nothing older (product.md F1). Reads the certificate again when its files change."""

    def __init__(self, certificate: Certificate) -> None:
        """Raises OSError or ssl.SSLError if the certificate or its key cannot be used."""
        self._certificate = certificate
        self._loaded_stamps = self._file_stamps()
        self._checked_at = time.monotonic()
        self._loaded = _LoadedCertificate(certificate)

    def context(self) -> ssl.SSLContext:
        """That of one session. Its control connection gives tickets by which data connections resume the session."""
        self._reload_if_changed()
        return self._loaded.context()

    def _reload_if_changed(self) -> None:
        if time.monotonic() - self._checked_at < _CHECK_INTERVAL:
            return
        self._checked_at = time.monotonic()
        try:
            stamps = self._file_stamps()
            if stamps != self._loaded_stamps:
                self._loaded = _LoadedCertificate(self._certificate)
                self._loaded_stamps = stamps
                _log.info("the certificate was reloaded: SHA-256 %s", self._certificate.fingerprint())
        except (OSError, ValueError) as error:
            _log.error("the new certificate cannot be used; the old one stays in use: %s", error)

    def _file_stamps(self) -> list[tuple[int, int, int]]:
        stats = [path.stat() for path in self._certificate]
        return [(stat.st_mtime_ns, stat.st_size, stat.st_ino) for stat in stats]


class _LoadedCertificate:
    """A certificate and its key, in memory: its files may be half written when the next session begins."""

    def __init__(self, certificate: Certificate) -> None:
        """Raises OSError or ssl.SSLError if they cannot be used."""
        self._certificate, self._key = (_in_memory(path.read_bytes(), self) for path in certificate)
        self.context()

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_CIPHER_SERVER_PREFERENCE
        context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF  # set by Debian 12's Python: half a file would seem whole
        context.load_cert_chain(self._certificate, self._key)
        return context


def _in_memory(content: bytes, owner: object) -> Path:
    """A file that has no place on a disk, for as long as its owner lives: OpenSSL takes files alone."""
    file = os.memfd_create("certificate")
    weakref.finalize(owner, os.close, file)
    os.write(file, content)
    return Path(f"/proc/self/fd/{file}")
