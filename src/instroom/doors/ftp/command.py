"""`instroom ftp`: the file server, for production. The worker runs beside it."""

from typing import Any, Final

import click

from instroom.config.file_server import file_server
from instroom.config.log_lines import announce
from instroom.config.stopping import when_stopped
from instroom.doors.ftp.server import FileServer
from instroom.flow.heartbeat import beating

_LISTENING: Final = {
    "nl": "De bestandsserver luistert: {addresses}. SHA-256 van het certificaat: {fingerprint}",
    "en": "The file server listens: {addresses}. SHA-256 of the certificate: {fingerprint}",
}


@click.command(name="ftp")
@click.pass_obj
def command(asked: Any) -> int:
    """Serve FTP, FTPES and FTPS for the accounts of `instroom account`, until it is stopped.

    On ports 21, 910 and 990, or 2121, 2910 and 2990 without the right to those; data on 2000-2010. Settings:
    docs/reference/settings.md.
    """
    server = FileServer(file_server())
    when_stopped(server.stop)
    announce(listening_line(server, asked.lang))
    with beating("ftp"):
        server.run()
    return 0


def listening_line(server: FileServer, lang: str) -> str:
    """The addresses of a server and the fingerprint of its certificate, in a sentence."""
    addresses = ", ".join(f"{name} {address}" for name, address in server.addresses().items())
    return _LISTENING[lang].format(addresses=addresses, fingerprint=server.certificate.fingerprint())
