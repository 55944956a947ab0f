"""A mail server that keeps what it is given: as much of RFC 5321 as a client needs, over real TCP."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread


class MailSink(socketserver.ThreadingTCPServer):
    """Listens on a free port. `refuse` maps a command's first word to the answer that it gets instead of a yes."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.messages: list[EmailMessage] = []
        self.refuse: dict[str, str] = {}

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
            if answer := self.server.refuse.get(word):
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
