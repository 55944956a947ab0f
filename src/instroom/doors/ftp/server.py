"""The file server: three ways in, one loop, and a few threads beside it."""

import errno
import logging
import os
import socket
import ssl
from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from uuid import UUID

from pyftpdlib.ioloop import IOLoop
from pyftpdlib.servers import FTPServer

from instroom.config.file_server import OFF, FileServerSettings, Mode, Ports
from instroom.core.errors import SettingsError
from instroom.doors.ftp.background import Background, Wake
from instroom.doors.ftp.rounds import Rounds
from instroom.doors.ftp.sessions import Sessions
from instroom.doors.ftp.signing_in import FileSession
from instroom.doors.ftp.tls import Tls
from instroom.flow.file_server.certificate import Certificate
from instroom.flow.file_server.take_in import take_in
from instroom.flow.file_server.ways_in import certificate_of, make_known

_NAMES: Final[Mapping[Mode, str]] = {"ftp": "FTP", "ftpes": "FTPES", "ftps": "FTPS"}
_SETTINGS: Final[Mapping[Mode, str]] = {
    "ftp": "INSTROOM_FTP_PORT",
    "ftpes": "INSTROOM_FTPES_PORT",
    "ftps": "INSTROOM_FTPS_PORT",
}
_log = logging.getLogger("instroom.ftp")


class FileServer:
    """Listens from the moment that it is made; `run` serves until `stop` is called."""

    def __init__(self, settings: FileServerSettings) -> None:
        """Raises SettingsError where it cannot listen, or cannot use the certificate."""
        self._settings = settings
        sockets = _listen(settings)
        self.ports: dict[Mode, int] = {mode: one.getsockname()[1] for mode, one in sockets.items()}
        """Where it listens."""
        self.certificate = certificate_of(settings)
        self._loop = IOLoop.factory()
        self._wake = Wake(self._loop)
        self._files = Background(self._loop, 4, "ftp-files", most_waiting=100_000)
        self._door = Background(self._loop, 2, "ftp-door", most_waiting=200)
        self._rounds = Rounds(self._loop, settings)
        self._sessions = Sessions(self._hand_over)
        self._open(sockets)
        make_known(settings, self.ports)

    def addresses(self) -> dict[str, str]:
        """Each way in with its address, as people write it: FTPES and 127.0.0.1:2910."""
        host = self._settings.host
        shown = f"[{host}]" if ":" in host else host
        return {_NAMES[mode]: f"{shown}:{port}" for mode, port in self.ports.items()}

    def run(self) -> None:
        """Serve until it is stopped; what is being put in its place then is finished."""
        self._wake.call(self._rounds.begin)  # pyftpdlib looks at what is due only after something has happened
        try:
            self._loop.loop()
        finally:
            self._files.stop()
            self._door.stop()
            self._rounds.stop()
            self._loop.close()

    def stop(self) -> None:
        """End all sessions, from whichever thread."""
        self._wake.call(self._end)

    def _end(self) -> None:
        self._sessions.end_paused()
        self._loop.close()

    def _open(self, sockets: Mapping[Mode, socket.socket]) -> None:
        shared = self._shared()
        addresses: list[str] = []
        for mode, one in sockets.items():
            server = FTPServer(one, type("FileSession", (FileSession,), {**shared, "mode": mode}), self._loop)
            server.max_cons = self._settings.connections
            server.max_cons_per_ip = self._settings.connections_per_address
            server.ip_map = addresses  # of all three together

    def _shared(self) -> dict[str, Any]:
        """What all sessions have from here."""
        chosen = self._settings
        same = ("patience", "resume", "stall", "file_bytes", "quota", "free")
        return {
            **{name: getattr(chosen, name) for name in same},
            "tls": _tls(self.certificate),
            "files": self._files,
            "door": self._door,
            "looking": Counter(),
            "sessions": self._sessions,
            "base": chosen.folder,
            "timeout": chosen.idle,
            "passive_ports": chosen.passive,
            "masquerade_address": chosen.masquerade or None,
        }

    def _hand_over(self, one: UUID) -> None:
        """Make a delivery of a file at once; where that does not go, a round does it later."""

        def told(_: Any, error: BaseException | None) -> None:
            if error:
                _log.error("%s cannot be taken in yet: %s", one, error)

        self._files.run(partial(take_in, self._settings.folder, one), told)


def _tls(certificate: Certificate) -> Tls:
    try:
        return Tls(certificate)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(
            f"INSTROOM_FTP_CERTIFICATE, INSTROOM_FTP_KEY: {certificate.certificate} and {certificate.key}"
            f" cannot be used ({error}).",
            f"INSTROOM_FTP_CERTIFICATE, INSTROOM_FTP_KEY: {certificate.certificate} en {certificate.key}"
            f" zijn niet te gebruiken ({error}).",
        ) from error


def _listen(settings: FileServerSettings) -> dict[Mode, socket.socket]:
    opened: dict[Mode, socket.socket] = {}
    try:
        for mode, ports in settings.ports.items():
            if ports.wished != OFF:
                opened[mode] = _listen_on(settings.host, mode, ports)
    except SettingsError:
        for one in opened.values():
            one.close()
        raise
    return opened


def _listen_on(host: str, mode: Mode, ports: Ports) -> socket.socket:
    wished = ports.usual if ports.wished is None else ports.wished
    try:
        return _bound(host, wished)
    except OSError as error:
        if error.errno != errno.EACCES or ports.wished is not None:
            raise _cannot(host, wished, mode, error) from error
    try:
        return _bound(host, ports.without_rights)
    except OSError as error:
        raise _cannot(host, ports.without_rights, mode, error) from error


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=100, dualstack_ipv6=host == "::")


def _cannot(host: str, port: int, mode: Mode, error: OSError) -> SettingsError:
    name, why = _SETTINGS[mode], os.strerror(error.errno or 0)
    return SettingsError(
        f"{_NAMES[mode]} cannot listen on {host}:{port} ({why}). Choose another port with {name}, or off.",
        f"{_NAMES[mode]} kan niet luisteren op {host}:{port} ({why}). Kies met {name} een andere poort, of off.",
    )
