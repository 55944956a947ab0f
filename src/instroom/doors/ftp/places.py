"""Places for connections: so many of one address, and few of one network that have not signed in.

Silent clients keep nobody out: eleven networks together fill less than half of the usual places, and when places are
short, the client that has waited longest makes room.
"""

import ipaddress
import time
from collections import Counter
from typing import Any, Final

from instroom.flow.throttle import network_of

WAITING_PER_NETWORK: Final = 20
"""Connections of one IPv4 /24 or IPv6 /48 that have not sent a password yet."""
_SHORT_TIME: Final = 5.0  # seconds in which to sign in when places are short
_PREFIXES: Final = {4: 24, 6: 48}


class Places:
    """The places of all sessions of a server."""

    def __init__(self, connections: int, per_address: int) -> None:
        self._per_address = per_address
        self._most_waiting = max(1, connections // 2)
        self._of_address: Counter[str] = Counter()
        self._address: dict[Any, str] = {}
        self._waiting: dict[Any, tuple[float, str]] = {}
        """Sessions that have not signed in, the oldest first: since when, and of which network."""

    def take(self, session: Any, now: float | None = None) -> bool:
        """Whether there is a place for this new session. Another one may have to make room for it."""
        address, network = network_of(session.client_address), _network_of(session.client_address)
        if self._of_address[address] >= self._per_address:
            return False
        now = time.monotonic() if now is None else now
        neighbours = [one for one, (_, other) in self._waiting.items() if other == network]
        crowd = neighbours if len(neighbours) >= WAITING_PER_NETWORK else list(self._waiting)
        if crowd is neighbours or len(crowd) >= self._most_waiting:
            since, _ = self._waiting[crowd[0]]
            if now - since < _SHORT_TIME:
                return False
            crowd[0].end_unsigned()
        self._address[session] = address
        self._of_address[address] += 1
        self._waiting[session] = (now, network)
        return True

    def settle(self, session: Any) -> None:
        """It has sent a password, and does not count as waiting unless that is wrong."""
        self._waiting.pop(session, None)

    def wait_again(self, session: Any) -> None:
        self._waiting[session] = (time.monotonic(), _network_of(session.client_address))

    def leave(self, session: Any) -> None:
        self._waiting.pop(session, None)
        if address := self._address.pop(session, ""):
            self._of_address[address] -= 1
            if not self._of_address[address]:
                del self._of_address[address]


def _network_of(address: str) -> str:
    prefix = _PREFIXES[ipaddress.ip_address(address).version]
    return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))
