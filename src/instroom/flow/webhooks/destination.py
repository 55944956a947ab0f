"""Where a webhook may lead. An address is somebody's wish: it must not make us knock at doors inside the site."""

import ipaddress
import re
import socket
from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from instroom.core.errors import NotAllowed

MOST_LETTERS: Final = 500
_LETTERS_OF_PATH: Final = 4
_PRINTABLE: Final = re.compile(r"[!-~]+")
_PORTS: Final = {"http": 80, "https": 443}
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
"""The only part of IPv6 that is given out for the internet (IANA's IPv6 address space)."""
_NOT_PUBLIC: Final = tuple(
    ipaddress.ip_network(network)
    for network in """
    192.0.0.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.175.48.0/24 224.0.0.0/3
    2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3ffe::/16 3fff::/20
    """.split()
)
"""IANA's special-purpose registries, for what lies in unicast space and is no host of anybody; also what `is_global`
of some Pythons takes for public."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Networks = Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]


class Forbidden(OSError):
    """The address leads to where no webhook may go."""


class Destination(NamedTuple):
    scheme: str
    host: str
    port: int
    path: str
    """With the query."""


def destination(address: str, private: Networks) -> Destination:
    """An address as a webhook may have it. `private` are the networks of the site's own that it may lead to; only
    there it may be without TLS. Raises NotAllowed."""
    found = _parsed_address(address)
    if found is None or (found.scheme == "http" and not private):
        raise NotAllowed("webhook-address")
    return found


def shown(address: str) -> str:
    """An address as its operators may see it: without its query, which may hold a secret."""
    return address.partition("?")[0]


def masked(address: str) -> str:
    """An address as all others may see it, and as it stands in mails: its host, and the first letters of a path that is
    often a secret too."""
    parts = urlsplit(shown(address))
    path = parts.path if len(parts.path) <= _LETTERS_OF_PATH + 1 else f"{parts.path[: _LETTERS_OF_PATH + 1]}…"
    return f"{parts.scheme}://{parts.netloc}{path}"


def endpoints(where: Destination, private: Networks) -> list[tuple[int, tuple[Any, ...]]]:
    """The families and socket addresses of a destination, looked up now: who connects to these connects to what was
    judged. Raises OSError; Forbidden where one of them is not for webhooks."""
    found = socket.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM)
    for *_, where_exactly in found:
        address = ipaddress.ip_address(where_exactly[0])
        is_ours = any(_plain(address) in network for network in private)
        if not (is_ours or (where.scheme == "https" and _is_public(address))):
            raise Forbidden(str(address))
    return [(family, exactly) for family, _, _, _, exactly in found]


def _parsed_address(address: str) -> Destination | None:
    if len(address) > MOST_LETTERS or not _PRINTABLE.fullmatch(address):
        return None
    try:
        parts = urlsplit(address)
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not port or not parts.hostname or "@" in parts.netloc or parts.fragment:
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Destination(parts.scheme, parts.hostname, port, path)


def _is_public(address: Address) -> bool:
    """Whether it may belong to a host on the internet; not what is loopback, private, link-local, shared, multicast, or
    set apart for something else."""
    plain = _plain(address)
    if isinstance(plain, ipaddress.IPv6Address) and plain not in _UNICAST:
        return False
    return plain.is_global and not any(plain in network for network in _NOT_PUBLIC)


def _plain(address: Address) -> Address:
    """The IPv4 address inside an IPv6 address that only carries one (RFC 4291 and 6052)."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address
