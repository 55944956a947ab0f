"""The file server's settings: its addresses, its certificate and its limits."""

import os
import socket
from pathlib import Path
from typing import Final, Literal, NamedTuple

from instroom.config.disk import least_free
from instroom.config.home import home
from instroom.config.listening import Network, proxies
from instroom.config.numbers import MB, megabytes, number
from instroom.core.errors import SettingsError
from instroom.core.whole_number import whole_number

Mode = Literal["ftp", "ftpes", "ftps"]
OFF: Final = -1


class Ports(NamedTuple):
    """The ports on which a mode can listen."""

    wished: int | None
    """The port that the site has chosen: 0 is any free port, OFF none. None leaves the choice to the next two."""
    usual: int
    """The port of product.md F1."""
    without_rights: int
    """The port for a process that may not listen on the usual one."""


class FileServerSettings(NamedTuple):
    """What a site can choose about its file server (docs/reference/settings.md). Times in seconds, sizes in bytes."""

    host: str
    ports: dict[Mode, Ports]
    passive: range
    masquerade: str
    """The IPv4 address that PASV announces; "" for the server's own."""
    certificate: Path | None
    key: Path | None
    folder: Path
    connections: int
    connections_per_address: int
    idle: float
    stall: float
    patience: float
    resume: float
    file_bytes: int
    quota: int
    free: int
    active: bool
    """Whether PORT and EPRT are accepted."""
    balancers: tuple[Network, ...]
    """Who speaks the PROXY protocol."""


def file_server() -> FileServerSettings:
    """Read the settings from the environment. Raises SettingsError, which names the setting."""
    certificate, key = os.environ.get("INSTROOM_FTP_CERTIFICATE"), os.environ.get("INSTROOM_FTP_KEY")
    if bool(certificate) != bool(key):
        raise SettingsError("setting-certificate-without-key")
    return FileServerSettings(
        host=_host(os.environ.get("INSTROOM_FTP_HOST") or "127.0.0.1"),
        ports={
            "ftp": Ports(_port("INSTROOM_FTP_PORT", os.environ.get("INSTROOM_FTP_PORT")), 21, 2121),
            "ftpes": Ports(_port("INSTROOM_FTPES_PORT", os.environ.get("INSTROOM_FTPES_PORT")), 910, 2910),
            "ftps": Ports(_port("INSTROOM_FTPS_PORT", os.environ.get("INSTROOM_FTPS_PORT")), 990, 2990),
        },
        passive=_range(os.environ.get("INSTROOM_FTP_PASSIVE") or "2000-2010"),
        masquerade=_masquerade(os.environ.get("INSTROOM_FTP_MASQUERADE") or ""),
        certificate=Path(certificate) if certificate else None,
        key=Path(key) if key else None,
        folder=folder(),
        connections=_whole("INSTROOM_FTP_CONNECTIONS", os.environ.get("INSTROOM_FTP_CONNECTIONS"), 512),
        connections_per_address=_whole("INSTROOM_FTP_PER_ADDRESS", os.environ.get("INSTROOM_FTP_PER_ADDRESS"), 50),
        idle=number("INSTROOM_FTP_IDLE", os.environ.get("INSTROOM_FTP_IDLE"), 300),
        stall=number("INSTROOM_FTP_STALL", os.environ.get("INSTROOM_FTP_STALL"), 60),
        patience=number("INSTROOM_FTP_PATIENCE", os.environ.get("INSTROOM_FTP_PATIENCE"), 0.25),
        resume=60 * number("INSTROOM_FTP_RESUME", os.environ.get("INSTROOM_FTP_RESUME"), 60),
        file_bytes=megabytes("INSTROOM_FTP_FILE_MB", os.environ.get("INSTROOM_FTP_FILE_MB"), 64),
        quota=megabytes("INSTROOM_FTP_QUOTA_MB", os.environ.get("INSTROOM_FTP_QUOTA_MB"), 1024),
        free=megabytes("INSTROOM_FTP_FREE_MB", os.environ.get("INSTROOM_FTP_FREE_MB"), least_free() / MB),
        active=_switch("INSTROOM_FTP_ACTIVE", os.environ.get("INSTROOM_FTP_ACTIVE") or "on"),
        balancers=proxies("INSTROOM_FTP_PROXY", os.environ.get("INSTROOM_FTP_PROXY") or ""),
    )  # fmt: skip


def folder() -> Path:
    """The folder with uploads that are not yet deliveries."""
    return Path(os.environ.get("INSTROOM_FTP_FOLDER") or home() / "ftp").absolute()


def _host(text: str) -> str:
    try:
        socket.getaddrinfo(text.strip("[]"), None)
    except (OSError, UnicodeError) as error:
        raise SettingsError("setting-ftp-host") from error
    return text.strip("[]")


def _port(name: str, text: str | None) -> int | None:
    if not text:
        return None
    if text == "off":
        return OFF
    port = whole_number(text)
    if port is None or port > 65535:
        raise SettingsError("setting-port", name=name)
    return port


def _range(text: str) -> range:
    first, dash, last = text.partition("-")
    low, high = whole_number(first), whole_number(last if dash else first)
    if low is None or high is None or not 0 < low <= high <= 65535:
        raise SettingsError("setting-passive-ports")
    return range(low, high + 1)


def _switch(name: str, text: str) -> bool:
    if text not in ("on", "off"):
        raise SettingsError("setting-switch", name=name)
    return text == "on"


def _masquerade(text: str) -> str:
    try:
        return socket.getaddrinfo(text, None, socket.AF_INET)[0][4][0] if text else ""  # type: ignore[return-value]
    except (OSError, UnicodeError) as error:
        raise SettingsError("setting-masquerade", text=text) from error


def _whole(name: str, text: str | None, otherwise: int) -> int:
    found = number(name, text, otherwise)
    if found < 1 or found != int(found):
        raise SettingsError("setting-count", name=name)
    return int(found)
