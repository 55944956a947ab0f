"""The header with which a load balancer says who its client is: the PROXY protocol, versions 1 and 2 (HAProxy's
specification, 2.2 and 2.3). Strict: what is not exactly such a header is refused."""

import ipaddress
import re
import struct
from typing import Final, NamedTuple

LONGEST_TEXT: Final = 107  # bytes of a header of version 1, by the specification
LONGEST_BINARY: Final = 1024  # bytes behind the first 16 of one of version 2: addresses and what balancers add
_SIGNATURE: Final = b"\r\n\r\n\0\r\nQUIT\n"
_TEXT: Final = re.compile(rb"PROXY TCP([46]) ([0-9A-Fa-f.:]+) ([0-9A-Fa-f.:]+) (\d{1,5}) (\d{1,5})\r\n")
_UNKNOWN: Final = re.compile(rb"PROXY UNKNOWN(?: [ -~]*)?\r\n")
_LOCAL, _PROXY = 0x20, 0x21
_ADDRESSES: Final = {0x11: "!4s4sHH", 0x21: "!16s16sHH"}
_UNSPECIFIED: Final = 0x00


class Source(NamedTuple):
    """The client for whom the balancer connects."""

    address: str
    port: int


def missing(header: bytes) -> int:
    """How many bytes to read next: never more than belong to the header. 0 once it is complete.

    Raises ValueError as soon as it cannot become a header.
    """
    if len(header) < len(_SIGNATURE):
        if not (_SIGNATURE.startswith(header) or header.startswith(b"PROXY ") or b"PROXY ".startswith(header)):
            raise ValueError("no PROXY header")
        return len(_SIGNATURE) - len(header)
    if header.startswith(_SIGNATURE):
        if len(header) < 16:
            return 16 - len(header)
        length = int.from_bytes(header[14:16])
        if length > LONGEST_BINARY:
            raise ValueError("a PROXY header that is too long")
        return 16 + length - len(header)
    if not header.startswith(b"PROXY "):
        raise ValueError("no PROXY header")
    if header.endswith(b"\r\n"):
        return 0
    if len(header) >= LONGEST_TEXT:
        raise ValueError("a PROXY header that is too long")
    return 1


def source_of(header: bytes) -> Source | None:
    """Who the client is by a complete header; None where it says that the balancer itself connects, or does not know.

    Raises ValueError.
    """
    return _of_binary(header) if header.startswith(_SIGNATURE) else _of_text(header)


def _of_text(header: bytes) -> Source | None:
    if _UNKNOWN.fullmatch(header):
        return None
    found = _TEXT.fullmatch(header)
    if not found:
        raise ValueError("not a PROXY header of version 1")
    version, source, destination, *ports = (group.decode() for group in found.groups())
    numbers = [int(port) for port in ports]
    if any(number > 65535 or str(number) != port for number, port in zip(numbers, ports, strict=True)):
        raise ValueError("no port")
    if any(ipaddress.ip_address(one).version != int(version) for one in (source, destination)):
        raise ValueError("an address of another version")
    return _source(ipaddress.ip_address(source), numbers[0])


def _of_binary(header: bytes) -> Source | None:
    command, family = header[12], header[13]
    if command == _LOCAL or (command == _PROXY and family == _UNSPECIFIED):
        return None
    if command != _PROXY or family not in _ADDRESSES:
        raise ValueError("not a PROXY header of version 2 for TCP")
    form = _ADDRESSES[family]
    if len(header) < 16 + struct.calcsize(form):
        raise ValueError("a PROXY header without addresses")
    source, _, port, _ = struct.unpack_from(form, header, 16)
    return _source(ipaddress.ip_address(source), port)


def _source(address: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int) -> Source:
    if address.is_unspecified or address.is_multicast:
        raise ValueError("an address of no client")
    return Source(str(getattr(address, "ipv4_mapped", None) or address), port)
