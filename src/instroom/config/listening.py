"""Where a server listens, and whom it believes about the other end of a connection."""

import os
from typing import NamedTuple

from instroom.core.errors import SettingsError


class Listening(NamedTuple):
    """An address to listen on."""

    host: str
    port: int
    proxy: str
    """The address of the proxy that may say who is behind it; "" where there is none."""

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def http() -> Listening:
    """Where the web listens: INSTROOM_HTTP, `host:port`. Raises SettingsError where it is not of that form."""
    text = os.environ.get("INSTROOM_HTTP") or "127.0.0.1:8000"
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 <= int(port) <= 65535:
        raise SettingsError("setting-http")
    return Listening(host.strip("[]"), int(port), os.environ.get("INSTROOM_PROXY", ""))
