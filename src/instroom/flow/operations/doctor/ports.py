"""The ports of the web and the file server: whether we listen there, or could."""

import errno
import http.client
import os
import socket
import ssl
from collections.abc import Iterator
from typing import Final

from instroom.config.file_server import OFF, Mode, Ports, file_server
from instroom.config.listening import http as web
from instroom.flow.operations.doctor.diagnosis import Asked, Diagnosis, diagnosis

_PATIENCE: Final = 2.0  # seconds for an answer on this machine
_SETTINGS: Final[dict[Mode, str]] = {
    "ftp": "INSTROOM_FTP_PORT",
    "ftpes": "INSTROOM_FTPES_PORT",
    "ftps": "INSTROOM_FTPS_PORT",
}
_BANNER: Final = b"220 Instroom"
_HEALTH: Final = ("ok", "no database")


def look(asked: Asked) -> Iterator[Diagnosis]:
    """Raises SettingsError."""
    listening = web()
    if listening.port:
        yield _look_at("INSTROOM_HTTP", listening.host, listening.port)
    files = file_server()
    for mode, ports in files.ports.items():
        if ports.wished not in (OFF, 0):
            yield _look_at(_SETTINGS[mode], files.host, _port(files.host, ports))


def _port(host: str, ports: Ports) -> int:
    """The one that the file server takes."""
    if ports.wished:
        return ports.wished
    return ports.without_rights if _trouble(host, ports.usual) == errno.EACCES else ports.usual


def _look_at(name: str, host: str, port: int) -> Diagnosis:
    trouble = _trouble(host, port)
    facts = {"name": name, "host": host, "port": port}
    if not trouble:
        return diagnosis("port-free", **facts)
    if trouble != errno.EADDRINUSE:
        return diagnosis("port-refused", **facts, reason=os.strerror(trouble))
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - where all addresses are listened on
    try:
        is_ours = _is_web(reachable, port) if name == "INSTROOM_HTTP" else _is_file_server(name, reachable, port)
    except (OSError, http.client.HTTPException):
        is_ours = False
    return diagnosis("port-ours" if is_ours else "port-taken", **facts)


def _trouble(host: str, port: int) -> int:
    """The number of the error at which listening there fails; 0: it does not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family, dualstack_ipv6=host == "::").close()
    except OSError as error:
        return error.errno or errno.EINVAL
    return 0


def _is_web(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=_PATIENCE)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().read(100).decode("ascii", "replace").strip() in _HEALTH
    finally:
        connection.close()


def _is_file_server(name: str, host: str, port: int) -> bool:
    with socket.create_connection((host, port), timeout=_PATIENCE) as plain:
        if name != _SETTINGS["ftps"]:
            return plain.recv(100).startswith(_BANNER)
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # nothing is sent, and it may be our own
        with context.wrap_socket(plain) as stream:
            return stream.recv(100).startswith(_BANNER)
