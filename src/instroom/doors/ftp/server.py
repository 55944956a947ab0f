"""The file server: three modes (FTP, FTPES, FTPS), one event loop, and a few threads beside it."""

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
from instroom.doors.ftp.background import Background, LoopWaker
from instroom.doors.ftp.places import Places
from instroom.doors.ftp.rounds import Rounds
from instroom.doors.ftp.sessions import Sessions
from instroom.doors.ftp.signing_in import FileSession
from instroom.doors.ftp.supervision import Supervision
from instroom.doors.ftp.tls import Tls
from instroom.flow.file_server.certificate import Certificate
from instroom.flow.file_server.take_in import take_in
from instroom.flow.file_server.throttled_log import reason_of
from instroom.flow.file_server.ways_in import certificate_of, make_known

_NAMES: Final[Mapping[Mode, str]] = {"ftp": "FTP", "ftpes": "FTPES", "ftps": "FTPS"}
_PORT_SETTINGS: Final[Mapping[Mode, str]] = {
    "ftp": "INSTROOM_FTP_PORT",
    "ftpes": "INSTROOM_FTPES_PORT",
    "ftps": "INSTROOM_FTPS_PORT",
}
_log = logging.getLogger("instroom.ftp")


class FileServer:
    """Listens as soon as it is created. `run` serves until `stop` is called."""

    def __init__(self, settings: FileServerSettings) -> None:
        """Raises SettingsError if it cannot listen or cannot use the certificate."""
        self._settings = settings
        sockets = _listen(settings)
        self.ports: dict[Mode, int] = {mode: listener.getsockname()[1] for mode, listener in sockets.items()}
        """The ports that it listens on."""
        self.certificate = certificate_of(settings)
        self._loop = IOLoop.factory()
        self._waker = LoopWaker(self._loop)
        self._files = Background(self._loop, 4, "ftp-files", max_waiting=100_000)
        self._sign_in_pool = Background(self._loop, 2, "ftp-sign-in", max_waiting=200)
        self._rounds = Rounds(self._loop, settings)
        self._sessions = Sessions(self._hand_over)
        self._supervision = Supervision(self._loop, self._sessions)
        self._add_servers(sockets)
        make_known(settings, self.ports)

    def addresses(self) -> dict[str, str]:
        """The address of each mode, as people write it: `FTPES` → `127.0.0.1:2910`."""
        host = self._settings.host
        shown = f"[{host}]" if ":" in host else host
        return {_NAMES[mode]: f"{shown}:{port}" for mode, port in self.ports.items()}

    def run(self) -> None:
        """Serve until `stop` is called. Uploads that are being stored then are finished."""
        self._waker.call(self._rounds.begin)  # pyftpdlib runs scheduled calls only after some event
        try:
            self._loop.loop()
        finally:
            self._files.stop()
            self._sign_in_pool.stop()
            self._rounds.stop()
            self._supervision.stop()
            self._loop.close()

    def stop(self) -> None:
        """End all sessions. May be called from any thread."""
        self._waker.call(self._close_loop)

    def _close_loop(self) -> None:
        self._sessions.close_paused()
        self._loop.close()

    def _add_servers(self, sockets: Mapping[Mode, socket.socket]) -> None:
        shared = self._session_attributes()
        for mode, listener in sockets.items():
            server = FTPServer(listener, type("FileSession", (FileSession,), {**shared, "mode": mode}), self._loop)
            server.max_cons = self._settings.connections
            server.max_cons_per_ip = 0  # see `Places`

    def _session_attributes(self) -> dict[str, Any]:
        """The class attributes of all sessions."""
        settings = self._settings
        same = ("patience", "resume", "stall", "file_bytes", "quota", "free", "active", "balancers")
        return {
            **{name: getattr(settings, name) for name in same},
            "tls": _tls(self.certificate),
            "files": self._files,
            "sign_in_pool": self._sign_in_pool,
            "sign_ins_in_progress": Counter(),
            "sessions": self._sessions,
            "places": Places(settings.connections, settings.connections_per_address),
            "base": settings.folder,
            "timeout": settings.idle,
            "passive_ports": settings.passive,
            "masquerade_address": settings.masquerade or None,
        }

    def _hand_over(self, waiting_id: UUID) -> None:
        """Turn a waiting file into a delivery at once. If that fails, a round tries again."""

        def on_done(_: Any, error: BaseException | None) -> None:
            if error:
                _log.error("%s cannot be taken in yet: %s", waiting_id, reason_of(error))

        self._files.run(partial(take_in, self._settings.folder, waiting_id), on_done)


def _tls(certificate: Certificate) -> Tls:
    try:
        return Tls(certificate)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(
            "certificate-unusable", certificate=certificate.certificate, key=certificate.key, problem=error
        ) from error


def _listen(settings: FileServerSettings) -> dict[Mode, socket.socket]:
    opened: dict[Mode, socket.socket] = {}
    try:
        for mode, ports in settings.ports.items():
            if ports.wished != OFF:
                opened[mode] = _listen_on(settings.host, mode, ports)
    except SettingsError:
        for listener in opened.values():
            listener.close()
        raise
    return opened


def _listen_on(host: str, mode: Mode, ports: Ports) -> socket.socket:
    wished = ports.usual if ports.wished is None else ports.wished
    try:
        return _bind(host, wished)
    except OSError as error:
        if error.errno != errno.EACCES or ports.wished is not None:
            raise _listen_error(host, wished, mode, error) from error
    try:
        return _bind(host, ports.without_rights)
    except OSError as error:
        raise _listen_error(host, ports.without_rights, mode, error) from error


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=100, dualstack_ipv6=host == "::")


def _listen_error(host: str, port: int, mode: Mode, error: OSError) -> SettingsError:
    name, why = _PORT_SETTINGS[mode], os.strerror(error.errno or 0)
    return SettingsError("ftp-cannot-listen", protocol=_NAMES[mode], host=host, port=port, reason=why, setting=name)
