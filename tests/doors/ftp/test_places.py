"""Who connects and says nothing keeps nobody else out."""

from typing import Any

import pytest
from tests.doors.ftp.ftp_server import FtpServer
from tests.waiting import until

from instroom.doors.ftp.places import WAITING_PER_NETWORK, Places


class Waiting:
    """A connection from this address."""

    def __init__(self, address: str, places: Places) -> None:
        self.client_address, self.places = address, places
        self.is_ended = False

    def end_unsigned(self) -> None:
        self.is_ended = True
        self.places.leave(self)


def come(places: Places, address: str, times: int, now: float = 0) -> list[Any]:
    """Those that found a place."""
    arriving = [Waiting(address, places) for _ in range(times)]
    return [one for one in arriving if places.take(one, now)]


@pytest.mark.parametrize("addresses", [[f"198.51.{number}.1" for number in range(11)],
                                       [f"2001:db8:{number:x}::1" for number in range(11)]])  # fmt: skip
def test_eleven_addresses_leave_room(addresses: list[str]) -> None:
    places = Places(512, 50)
    assert {len(come(places, address, 50)) for address in addresses} == {WAITING_PER_NETWORK}
    assert come(places, "203.0.113.1", 1)


@pytest.mark.parametrize(("one", "other"), [("198.51.100.1", "198.51.100.200"), ("2001:db8:0:1::1", "2001:db8::1")])
def test_a_network_is_one(one: str, other: str) -> None:
    places = Places(512, 50)
    come(places, one, WAITING_PER_NETWORK)
    assert not come(places, other, 1)


def test_who_has_waited_longest_makes_room() -> None:
    places = Places(40, 50)
    first = come(places, "198.51.100.1", 10) + come(places, "198.51.101.1", 10)
    assert len(first) == 20
    assert not come(places, "203.0.113.1", 1, now=4)
    assert come(places, "203.0.113.1", 1, now=6)
    assert [one.is_ended for one in first] == [True] + [False] * 19


def test_who_has_signed_in_stays_and_takes_no_place_of_those_who_wait() -> None:
    places = Places(512, 50)
    for one in come(places, "198.51.100.1", WAITING_PER_NETWORK):
        places.settle(one)
    assert len(come(places, "198.51.100.1", 50)) == WAITING_PER_NETWORK


def test_one_address_has_so_many_places_and_gets_them_back() -> None:
    places = Places(512, 2)
    there = come(places, "2001:db8::1", 3)
    assert len(there) == 2
    assert not come(places, "2001:db8::2", 1)  # the same subscriber
    places.leave(there[0])
    places.leave(there[0])
    assert come(places, "2001:db8::2", 1)
    assert not come(places, "2001:db8::2", 1)


def test_who_says_nothing_at_the_server_has_few_places(server: FtpServer) -> None:
    there = [server.connect("ftp") for _ in range(WAITING_PER_NETWORK)]
    assert server.connect_or_not("ftp") is None
    there[0].close()
    until(lambda: bool(server.connect_or_not("ftp")))
