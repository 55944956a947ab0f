"""A receiver of webhooks: a real HTTP or HTTPS server that keeps what it is sent, and answers as a test wants."""

import base64
import hmac
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any, NamedTuple


class Received(NamedTuple):
    """One call, as it came over the wire."""

    path: str
    headers: dict[str, str]
    body: bytes

    def is_signed_with(self, secret: str) -> bool:
        """The signature of Standard Webhooks 1.0, made anew by what the specification says."""
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        digest = hmac.new(base64.b64decode(secret.split("_", 1)[1]), signed, "sha256").digest()
        return f"v1,{base64.b64encode(digest).decode()}" in self.headers["webhook-signature"].split(" ")


class Receiver(ThreadingHTTPServer):
    """Listens on a free port. Answers with `status` and `extra` headers; while `hold` is not set it says nothing."""

    daemon_threads = True

    def __init__(self, tls: tuple[Path, Path] | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.calls: list[Received] = []
        self.status = 204
        self.extra: dict[str, str] = {}
        self.raw: bytes | None = None
        self.hold = Event()
        self.hold.set()
        self.scheme = "https" if tls else "http"
        if tls:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(*tls)
            self.socket = context.wrap_socket(self.socket, server_side=True)

    @property
    def address(self) -> str:
        """Where it takes calls."""
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}/hook?key=of-theirs"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that breaks off is what a test may want."""


class _Session(BaseHTTPRequestHandler):
    server: Receiver
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Keep it, and answer."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        named = {name.lower(): value for name, value in self.headers.items()}
        self.server.calls.append(Received(self.path, named, body))
        self.server.hold.wait(20)
        if self.server.raw is not None:
            self.wfile.write(self.server.raw)
            self.close_connection = True
            return
        self.send_response(self.server.status)
        for name, value in self.server.extra.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def receiver(tls: tuple[Path, Path] | None = None) -> Iterator[Receiver]:
    """One that listens."""
    with Receiver(tls) as listening:
        Thread(target=listening.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield listening
        finally:
            listening.hold.set()
            listening.shutdown()
