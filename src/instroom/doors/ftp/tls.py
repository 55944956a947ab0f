"""TLS of the file server: one context for all connections, so that a data connection can resume its TLS session."""

import logging
import ssl
import time
from typing import Final

from instroom.flow.file_server.certificate import Certificate

_CHECK_INTERVAL: Final = 1.0  # seconds
_log = logging.getLogger("instroom.ftp")


class Tls:
    """TLS 1.2 and 1.3, nothing older (product.md F1). Reloads the certificate when its files change."""

    def __init__(self, certificate: Certificate) -> None:
        """Raises OSError or ssl.SSLError if the certificate or its key cannot be used."""
        self._certificate = certificate
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_CIPHER_SERVER_PREFERENCE
        self._loaded_stamps = self._file_stamps()
        self._checked_at = time.monotonic()
        self._load(self._context)

    def for_control(self) -> ssl.SSLContext:
        """The context of a control connection. Its tickets let data connections resume the session."""
        self._reload_if_changed()
        self._context.num_tickets = 2
        return self._context

    def for_data(self) -> ssl.SSLContext:
        """The context of a data connection, without tickets: a program that only sends never reads them, and closing a
        connection with unread data loses the end of its file (pyftpdlib issue 602)."""
        self._context.num_tickets = 0
        return self._context

    def _reload_if_changed(self) -> None:
        if time.monotonic() - self._checked_at < _CHECK_INTERVAL:
            return
        self._checked_at = time.monotonic()
        try:
            stamps = self._file_stamps()
            if stamps != self._loaded_stamps:
                self._load(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))  # a half-written pair does not spoil the live one
                self._load(self._context)
                self._loaded_stamps = stamps
                _log.info("the certificate was reloaded: SHA-256 %s", self._certificate.fingerprint())
        except (OSError, ValueError) as error:
            _log.error("the new certificate cannot be used; the old one stays in use: %s", error)

    def _load(self, context: ssl.SSLContext) -> None:
        context.load_cert_chain(self._certificate.certificate, self._certificate.key)

    def _file_stamps(self) -> list[tuple[int, int, int]]:
        stats = [path.stat() for path in self._certificate]
        return [(stat.st_mtime_ns, stat.st_size, stat.st_ino) for stat in stats]
