"""A mail server that keeps what it is given: as much of RFC 5321 as a client needs, over real TCP."""

import socket
import socketserver
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Thread
from typing import Any


class MailSink(socketserver.ThreadingTCPServer):
    """Listens on a free port. `refuse` maps a command's first word, or a whole command, to the answer that it gets
    instead of a yes."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.messages: list[EmailMessage] = []
        self.refuse: dict[str, str] = {}
        self._tls: ssl.SSLContext | None = None

    def speak_tls(self, certificate: Path, key: Path) -> None:
        """From here on, TLS from the first byte."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)
        self._tls = context

    def get_request(self) -> tuple[socket.socket, Any]:
        """A connection, wrapped where that was asked; the handshake is the session's own affair."""
        taken, address = super().get_request()
        if self._tls is None:
            return taken, address
        return self._tls.wrap_socket(taken, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that breaks off is what a test may want."""

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


class _Session(socketserver.StreamRequestHandler):
    server: MailSink

    def handle(self) -> None:
        self._say("220 sink")
        while line := self.rfile.readline():
            word = line.split(None, 1)[0].decode().upper() if line.strip() else ""
            if answer := self.server.refuse.get(line.strip().decode()) or self.server.refuse.get(word):
                self._say(answer)
            elif word == "DATA":
                self._take()
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 sink")

    def _take(self) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        message = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.server.messages.append(message)
        self._say("250 taken")

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


@contextmanager
def mail_sink() -> Iterator[MailSink]:
    """A sink that listens; Instroom sends its mails there."""
    from django.test import override_settings

    with MailSink() as sink:
        Thread(target=sink.serve_forever, daemon=True).start()
        address = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": sink.port, "INSTROOM_SMTP": f"smtp://127.0.0.1:{sink.port}"}
        try:
            with override_settings(**address):
                yield sink
        finally:
            sink.shutdown()
