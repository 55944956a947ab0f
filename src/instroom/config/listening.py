"""The address on which the web listens, and the proxy that it trusts."""

import os
from typing import NamedTuple

from instroom.core.errors import SettingsError


class Listening(NamedTuple):
    """An address to listen on, with the trusted proxy."""

    host: str
    port: int
    proxy: str
    """The address of the proxy that is trusted to name its client; "" for none."""

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def http() -> Listening:
    """Read INSTROOM_HTTP, `host:port`, and INSTROOM_PROXY. Raises SettingsError if the first has another form."""
    text = os.environ.get("INSTROOM_HTTP") or "127.0.0.1:8000"
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 <= int(port) <= 65535:
        raise SettingsError("setting-http")
    return Listening(host.strip("[]"), int(port), os.environ.get("INSTROOM_PROXY", ""))
