"""Whatever a program says to the file server: others go on, and nothing breaks."""

import logging
import re
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

import pytest
from hypothesis import strategies as st
from tests.doors.ftp.ftp_server import HOST, PASSWORD, FtpServer, put, reset, trusting
from tests.fuzzing import fuzz, texts

from instroom.config.file_server import Mode
from instroom.doors.ftp.signing_in import FileSession
from instroom.store.models import AttemptCounter

pytestmark = [
    pytest.mark.slow,
    # Python drops the socket that it was making where the client has left meanwhile; that closes it.
    pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning"),
]

COMMANDS = sorted(FileSession.proto_cmds)
NAMES = [
    "personen.csv",
    "personen.csv.part",
    "a.csv",
    "map",
    "map/a.csv",
    "..",
    "/",
    "*",
    "personen.csv.rapport.json",
    "-la",
]
SENSIBLE = [
    b"USER oud", b"USER hr", f"PASS {PASSWORD}".encode(), b"PASS x", b"REIN", b"QUIT", b"ABOR", b"PASV", b"EPSV",
    b"EPSV ALL", b"EPSV 2", b"PORT 127,0,0,1,200,10", b"EPRT |1|127.0.0.1|50000|", b"EPRT |2|::1|50000|", b"TYPE I",
    b"TYPE A", b"LIST", b"NLST *", b"MLSD", b"STAT", b"STAT *", b"STOU", b"REST 5", b"ALLO 9", b"OPTS UTF8 ON",
    b"OPTS MLST size;", b"FEAT", b"AUTH TLS", b"PBSZ 0", b"PROT P", b"PROT C", b"SITE CHMOD 644 a.csv", b"SITE HELP",
    b"MFMT 20260102030405 a.csv",
]  # fmt: skip
ODD = [
    b"\xff\xf4\xff\xf2ABOR", b"\xff\xf4", b"\xff\xfb\x01", b"\0", b"A" * 5000, b"STOR " + b"x" * 300, b"\r", b"\n\n",
    b" ", b"USER " + b"\xe9" * 50, b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/1.1\r\nHost: x", b"PORT 1,2,3",
    b"PORT " + b"9" * 300, b"EPRT |1|127.0.0.1|99999999999999999999|", b"EPRT ||||", b"REST " + b"9" * 5000,
    b"ALLO " + b"9" * 5000, b"ALLO \xb2", b"MFMT 99999999999999 a.csv", b"MFMT 00010101000000 a.csv",
    b"OPTS MLST " + b"a;" * 500, b"SITE CHMOD 9999 /", b"PROXY TCP4 1.2.3.4 1.2.3.4 1 1", "REST \u00b2".encode(),
    "ALLO \u0661".encode(), b"SITE CHMOD \xc2\xb2 a.csv",
]  # fmt: skip
arguments = st.sampled_from(NAMES).map(str.encode) | texts.map(lambda text: text.encode("utf-8", "surrogatepass"))
lines = st.one_of(
    st.sampled_from(SENSIBLE),
    st.sampled_from(SENSIBLE),
    st.builds(lambda command, name: command.encode() + b" " + name, st.sampled_from(COMMANDS), arguments),
    st.builds(
        lambda command, name: command + b" " + name,
        st.sampled_from([b"STOR", b"RNFR", b"RNTO", b"DELE", b"RETR"]),
        arguments,
    ),
    st.sampled_from(ODD) | st.binary(max_size=30),
)


class Said(NamedTuple):
    """What a program says in one go, and what it does about a data connection that it was offered."""

    lines: list[bytes]
    end: bytes
    data: bytes | None


class Talk(NamedTuple):
    """A control connection, from beginning to end."""

    signs_in: bool
    over_tls: bool
    all: list[Said]
    breaks_off: bool


talks = st.builds(
    Talk,
    st.sampled_from([True] * 4 + [False]),
    st.booleans(),
    st.lists(
        st.builds(
            Said,
            st.lists(lines, min_size=1, max_size=4),
            st.sampled_from([b"\r\n"] * 5 + [b"\n", b"", b"\r\0"]),
            st.none() | st.binary(max_size=20),
        ),
        max_size=5,
    ),
    st.booleans(),
)
_OFFERED = re.compile(rb"227 [^(]*\(\d+,\d+,\d+,\d+,(\d+),(\d+)\)|229 [^(]*\(\|\|\|(\d+)\|\)")


def port_in(answer: bytes) -> int | None:
    """The last port that was offered for data."""
    found = _OFFERED.findall(answer)
    return None if not found else int(found[-1][2] or int(found[-1][0]) * 256 + int(found[-1][1]))


def hear(connection: socket.socket) -> bytes:
    """What is answered soon."""
    answer = b""
    with suppress(OSError):  # it takes its time, or has been closed
        while chunk := connection.recv(65536):
            answer += chunk
    return answer


def send_data(port: int, content: bytes, over_tls: bool) -> None:
    """As the program that was offered the port, whatever it is for."""
    with (
        suppress(OSError),
        socket.create_connection((HOST, port), timeout=0.05) as raw,
        trusting().wrap_socket(raw) if over_tls else raw as data,
    ):
        data.sendall(content)
        data.unwrap() if isinstance(data, ssl.SSLSocket) else data.shutdown(socket.SHUT_WR)
        hear(data)


def hold(talk: Talk, server: FtpServer) -> None:
    """Connect, say it, and go."""
    mode: Mode = "ftpes" if talk.over_tls else "ftp"
    with socket.create_connection((HOST, server.running.ports[mode]), timeout=20) as raw:
        raw.recv(4096)
        if talk.over_tls:
            raw.sendall(b"AUTH TLS\r\n")
            raw.recv(4096)
        with trusting().wrap_socket(raw) if talk.over_tls else raw as connection:
            connection.settimeout(0.02)
            with suppress(OSError):  # it was sent away
                say_all(talk, connection)
            if talk.breaks_off:
                reset(connection)


def say_all(talk: Talk, connection: socket.socket) -> None:
    if talk.signs_in:
        connection.sendall(f"USER {'hr' if talk.over_tls else 'oud'}\r\nPASS {PASSWORD}\r\n".encode())
        connection.sendall(b"PBSZ 0\r\nPROT P\r\n" if talk.over_tls else b"")
    for said in talk.all:
        connection.sendall(said.end.join(said.lines) + said.end)
        port = port_in(hear(connection))
        if port and said.data is not None:
            send_data(port, said.data, talk.over_tls)
    if not talk.breaks_off:
        connection.sendall(b"\r\nQUIT\r\n")
        hear(connection)


def test_talks_that_are_made_up(start: Callable[..., FtpServer], caplog: pytest.LogCaptureFixture) -> None:
    server = start(stall=0.3, patience=0.02, file_bytes=1000)
    other = server.sign_in("ftpes", "oud")

    def judge(talk: Talk) -> None:
        AttemptCounter.objects.all().delete()
        hold(talk, server)
        assert other.sendcmd("NOOP")[:3] == "200"
        broken = [record for record in caplog.records if record.levelno >= logging.ERROR]
        assert not broken, logging.Formatter().format(broken[0])

    fuzz(talks, judge)
    put(other, b"tot slot", "slot.csv")
    assert "slot.csv" in server.delivered()
