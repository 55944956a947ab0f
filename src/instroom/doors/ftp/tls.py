"""TLS of the file server: one context for all, so that a data connection can go on with its session's keys."""

import logging
import ssl
import time
from typing import Final

from instroom.flow.file_server.certificate import Certificate

_LOOK_AGAIN: Final = 1.0  # seconds
_log = logging.getLogger("instroom.ftp")


class Tls:
    """TLS 1.2 and 1.3, nothing older (product.md F1), with a certificate that is read again when it changes."""

    def __init__(self, certificate: Certificate) -> None:
        """Raises OSError and ssl.SSLError where the certificate or its key cannot be used."""
        self._certificate = certificate
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_CIPHER_SERVER_PREFERENCE
        self._stamp = self._stamp_now()
        self._looked = time.monotonic()
        self._load(self._context)

    def for_control(self) -> ssl.SSLContext:
        """The context of a control connection: with tickets, by which data connections resume its session."""
        self._renew()
        self._context.num_tickets = 2
        return self._context

    def for_data(self) -> ssl.SSLContext:
        """The context of a data connection. Without tickets: a program that only sends never reads them, and closing a
        connection with unread data throws away the end of its file (pyftpdlib issue 602)."""
        self._context.num_tickets = 0
        return self._context

    def _renew(self) -> None:
        if time.monotonic() - self._looked < _LOOK_AGAIN:
            return
        self._looked = time.monotonic()
        try:
            stamp = self._stamp_now()
            if stamp != self._stamp:
                self._load(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))  # a half-written pair does not spoil the live one
                self._load(self._context)
                self._stamp = stamp
                _log.info("the certificate was read anew: SHA-256 %s", self._certificate.fingerprint())
        except (OSError, ValueError) as error:
            _log.error("the new certificate cannot be used; the old one stays: %s", error)

    def _load(self, context: ssl.SSLContext) -> None:
        context.load_cert_chain(self._certificate.certificate, self._certificate.key)

    def _stamp_now(self) -> list[tuple[int, int, int]]:
        stats = [path.stat() for path in self._certificate]
        return [(one.st_mtime_ns, one.st_size, one.st_ino) for one in stats]
