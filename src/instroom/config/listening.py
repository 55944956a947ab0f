"""The address on which the web listens, the one at which people find it, and the proxies that it trusts."""

import ipaddress
import os
import re
import socket
from collections.abc import Sequence
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from instroom.core.errors import SettingsError
from instroom.core.whole_number import whole_number

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_HOST: Final = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.?", re.ASCII)


class Listening(NamedTuple):
    """An address to listen on, with the trusted proxies."""

    host: str
    port: int
    proxies: tuple[Network, ...] = ()
    """Who is trusted to name its client, and whether that came by TLS."""

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def http() -> Listening:
    """Read INSTROOM_HTTP, `host:port`, and INSTROOM_PROXY.

    Raises SettingsError if either has another form, or INSTROOM_URL has https and no proxy is named: the TLS is its
    work, and its address would be taken for that of every visitor.
    """
    text = os.environ.get("INSTROOM_HTTP") or "127.0.0.1:8000"
    host, _, digits = text.rpartition(":")
    host, port = host.strip("[]"), whole_number(digits)
    if not host or port is None or port > 65535 or not _is_somewhere(host):
        raise SettingsError("setting-http")
    named = os.environ.get("INSTROOM_PROXY", "")
    trusted = proxies("INSTROOM_PROXY", named)
    if not trusted and named != "none" and site_url(os.environ.get("INSTROOM_URL", "")).startswith("https:"):
        raise SettingsError("setting-proxy-missing")
    return Listening(host, port, trusted)


def proxies(name: str, text: str) -> tuple[Network, ...]:
    """The setting with this name: networks, or `none`. Raises SettingsError."""
    return () if text == "none" else networks(name, text)


def networks(name: str, text: str) -> tuple[Network, ...]:
    """Addresses and networks in the setting with this name: `10.20.0.0/16, 127.0.0.1`. Raises SettingsError.

    Host names are refused: who answers to one can change, and with it who is trusted.
    """
    try:
        return tuple(ipaddress.ip_network(one.strip()) for one in text.split(",") if one.strip())
    except ValueError as error:
        raise SettingsError("setting-networks", name=name) from error


def plain_address(text: str) -> Address:
    """An IP address without its zone; an IPv4 address also if it arrives as `::ffff:192.0.2.1`. Raises ValueError."""
    found = ipaddress.ip_address(text.partition("%")[0])
    return getattr(found, "ipv4_mapped", None) or found


def is_among(peer: str, networks: Sequence[Network]) -> bool:
    """Whether the address is in one of the networks; no address is in none."""
    try:
        address = plain_address(peer)
    except ValueError:
        return False
    return any(address in network for network in networks)


def site_url(text: str) -> str:
    """INSTROOM_URL: where people find the pages, without the slash at its end. Raises SettingsError."""
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise SettingsError("setting-url") from error
    if not text.strip():
        return ""
    more = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in ("http", "https") or more or not is_host(host):
        raise SettingsError("setting-url")
    shown = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{shown}" + (f":{port}" if port not in (None, usual) else "")


def is_host(text: str) -> bool:
    """Whether it is the name of a host, or an IP address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return len(text) <= 253 and _HOST.fullmatch(text.lower()) is not None
    return True


def _is_somewhere(host: str) -> bool:
    try:
        return bool(socket.getaddrinfo(host, None))
    except (OSError, UnicodeError):
        return False
