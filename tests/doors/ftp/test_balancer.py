"""Behind a load balancer its header says who the client is, and nobody else's does (the PROXY protocol)."""

import ftplib
import ipaddress
import socket
import struct
from collections.abc import Callable

import pytest
from tests.doors.ftp.ftp_server import HOST, PASSWORD, FtpServer, trusting
from tests.waiting import until

from instroom.config.listening import proxies
from instroom.doors.ftp import arriving
from instroom.doors.ftp.proxy_header import LONGEST_BINARY, Source, missing, source_of
from instroom.store.models import KnownAddress

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
CLIENT = "198.51.100.7"


def binary(command: int, family: int, content: bytes, length: int | None = None) -> bytes:
    return (
        SIGNATURE + bytes([command, family]) + struct.pack("!H", len(content) if length is None else length) + content
    )


def addresses(source: str, port: int = 4000) -> bytes:
    packed = ipaddress.ip_address(source).packed
    return packed + bytes(len(packed)) + struct.pack("!HH", port, 21)


TEXT = f"PROXY TCP4 {CLIENT} 192.0.2.1 4000 21\r\n".encode()
GOOD = [
    (TEXT, Source(CLIENT, 4000)),
    (b"PROXY TCP6 2001:db8::7 2001:db8::1 4000 21\r\n", Source("2001:db8::7", 4000)),
    (b"PROXY UNKNOWN\r\n", None),
    (b"PROXY UNKNOWN 192.0.2.1 whatever\r\n", None),
    (binary(0x21, 0x11, addresses(CLIENT)), Source(CLIENT, 4000)),
    (binary(0x21, 0x21, addresses("2001:db8::7")), Source("2001:db8::7", 4000)),
    (binary(0x21, 0x21, addresses(f"::ffff:{CLIENT}")), Source(CLIENT, 4000)),
    (binary(0x21, 0x11, addresses(CLIENT) + b"\x04\0\x03abc"), Source(CLIENT, 4000)),
    (binary(0x20, 0x00, b""), None),
    (binary(0x21, 0x00, b"anything"), None),
]
BAD = [
    b"USER hr\r\nPASS x\r\n",
    b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03abcdef",
    b"proxy TCP4 198.51.100.7 192.0.2.1 4000 21\r\n",
    b"PROXY TCP4 198.51.100.7 192.0.2.1 4000\r\n",
    b"PROXY TCP4 198.51.100.7  192.0.2.1 4000 21\r\n",
    b"PROXY TCP4 198.51.100.7 192.0.2.1 70000 21\r\n",
    b"PROXY TCP4 198.51.100.7 192.0.2.1 04000 21\r\n",
    b"PROXY TCP4 198.51.100.777 192.0.2.1 4000 21\r\n",
    b"PROXY TCP4 2001:db8::7 2001:db8::1 4000 21\r\n",
    b"PROXY TCP6 198.51.100.7 192.0.2.1 4000 21\r\n",
    b"PROXY TCP4 0.0.0.0 192.0.2.1 4000 21\r\n",
    b"PROXY TCP4 224.0.0.1 192.0.2.1 4000 21\r\n",
    b"PROXY UNIX a b 1 2\r\n",
    b"PROXY " + b"x" * 200 + b"\r\n",
    binary(0x31, 0x11, addresses(CLIENT)),
    binary(0x22, 0x11, addresses(CLIENT)),
    binary(0x21, 0x12, addresses(CLIENT)),
    binary(0x21, 0x31, bytes(216)),
    binary(0x21, 0x11, addresses(CLIENT)[:-1]),
    binary(0x21, 0x21, addresses(CLIENT)),
    binary(0x21, 0x11, addresses(CLIENT), length=LONGEST_BINARY + 1),
    SIGNATURE[:-1] + b"\r" + bytes(20),
]


def read(text: bytes, behind: bytes = b"AUTH TLS\r\n") -> tuple[Source | None, bytes]:
    """As it is read from a connection; gives what is left for others too."""
    stream, header = text + behind, b""
    while wanted := missing(header):
        if len(header) + wanted > len(stream):
            raise ValueError("it ended")
        header = stream[: len(header) + wanted]
    return source_of(header), stream[len(header) :]


@pytest.mark.parametrize(("header", "source"), GOOD)
def test_a_header_is_read_and_not_a_byte_more(header: bytes, source: Source | None) -> None:
    assert read(header) == (source, b"AUTH TLS\r\n")


@pytest.mark.parametrize("header", BAD)
def test_what_is_no_header_is_refused(header: bytes) -> None:
    with pytest.raises(ValueError, match=r"PROXY|port|address|ended"):
        read(header)


@pytest.fixture
def balanced(start: Callable[..., FtpServer]) -> FtpServer:
    """A server behind a balancer on this machine."""
    return start(balancers=proxies("INSTROOM_FTP_PROXY", HOST), connections_per_address=3)


def sign_in(server: FtpServer, header: bytes) -> bytes:
    """The last answer, after a sign-in by implicit TLS behind the header."""
    with socket.create_connection((HOST, server.running.ports["ftps"]), 20) as raw:
        raw.sendall(header)
        with trusting().wrap_socket(raw) as safe:
            for line in (b"", b"USER hr\r\n", f"PASS {PASSWORD}\r\n".encode()):
                safe.sendall(line)
                answer = safe.recv(4096)
            return answer


@pytest.mark.parametrize("header", [TEXT, binary(0x21, 0x11, addresses(CLIENT))])
def test_the_client_is_whom_the_balancer_names(balanced: FtpServer, header: bytes) -> None:
    for _ in range(4):  # more than may come of one address at a time
        assert sign_in(balanced, header).startswith(b"230")
    assert [one.address for one in KnownAddress.objects.all()] == [CLIENT]


def test_of_each_client_so_many_may_come(balanced: FtpServer) -> None:
    there = [socket.create_connection((HOST, balanced.running.ports["ftp"]), 20) for _ in range(5)]
    for one, client in zip(there, [CLIENT] * 3 + ["203.0.113.1", CLIENT], strict=True):
        one.sendall(TEXT.replace(CLIENT.encode(), client.encode()))
    assert [one.recv(100)[:3] for one in there] == [b"220", b"220", b"220", b"220", b"421"]
    for one in there:
        one.close()


@pytest.mark.parametrize("sent", [b"USER hr\r\n", TEXT[:20], SIGNATURE, b""])
def test_a_balancer_that_does_not_say_for_whom_is_not_greeted(
    balanced: FtpServer, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "_HEADER_WITHIN", 0.2)
    with socket.create_connection((HOST, balanced.running.ports["ftp"]), 20) as raw:
        raw.sendall(sent)
        assert raw.recv(100) == b""


def test_nobody_else_is_believed(server: FtpServer) -> None:
    with socket.create_connection((HOST, server.running.ports["ftp"]), 20) as raw:
        assert raw.recv(100).startswith(b"220")
        raw.sendall(TEXT)
        assert raw.recv(100).startswith(b"500")
    assert server.sign_in("ftpes")
    until(lambda: [one.address for one in KnownAddress.objects.all()] == [HOST])


@pytest.mark.parametrize(("active", "said"), [(True, "501 No data connections to this host"), (False, "502 Active")])
def test_no_data_goes_to_the_host_itself_nor_out_where_that_is_off(
    start: Callable[..., FtpServer], active: bool, said: str
) -> None:
    """Behind a relay on this host all programs seem to be here."""
    client = start(active=active).sign_in("ftp")
    for command in ("PORT 127,0,0,1,200,10", "EPRT |1|127.0.0.1|51210|"):
        with pytest.raises(ftplib.error_perm, match=said):
            client.sendcmd(command)
