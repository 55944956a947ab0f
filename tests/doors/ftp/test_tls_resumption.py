"""Nobody else on the same address can take a data connection of a program that resumes its TLS session."""

import ftplib
import socket
import ssl
from contextlib import suppress

import pytest
from tests.doors.ftp.ftp_server import HOST, PASSWORD, FtpServer, put, trusting
from tests.waiting import until

from instroom.flow import find
from instroom.flow.file_server import accounts
from instroom.flow.file_server.tls_resumption import LEARNED_AFTER, DataHandshake, must_resume, record
from instroom.store.models import FailedAttempt, FileAccount

VERSIONS = [pytest.param(ssl.TLSVersion.TLSv1_2, marks=pytest.mark.slow), ssl.TLSVersion.TLSv1_3]


def choose(choice: str) -> None:
    accounts.change(accounts.account("hr"), by=find.user("operator"), tls_resumption=choice)


def learned(depth: int = 1) -> None:
    """As after so many sessions of a program that resumes."""
    FileAccount.objects.filter(name="hr").update(tls_resumed_in_row=LEARNED_AFTER, tls_resumed_depth=depth)


def counts() -> tuple[int, int]:
    account = accounts.account("hr")
    return account.tls_resumed, account.tls_not_resumed


@pytest.mark.parametrize("version", VERSIONS)
def test_who_resumes_is_counted_and_goes_on_when_it_must(server: FtpServer, version: ssl.TLSVersion) -> None:
    client = server.sign_in_resuming(version)
    put(client, b"een")
    assert client.nlst() == ["personen.csv"]
    until(lambda: counts() == (2, 0))
    choose("always")
    again = server.sign_in_resuming(version)
    for name in ("a.csv", "b.csv", "c.csv", "d.csv"):  # more than it has tickets
        put(again, b"twee", name)
    assert server.delivered() == ["personen.csv", "a.csv", "b.csv", "c.csv", "d.csv"]
    until(lambda: counts() == (6, 0))


def test_who_does_not_resume_is_counted_and_may(server: FtpServer) -> None:
    put(server.sign_in("ftpes"), b"een")
    until(lambda: counts() == (0, 1))
    assert server.delivered() == ["personen.csv"]


@pytest.mark.parametrize("choice", [pytest.param("always", marks=pytest.mark.slow), "learned"])
def test_who_must_resume_and_does_not_is_refused(server: FtpServer, choice: str) -> None:
    choose(choice)
    learned()
    client = server.sign_in("ftpes")
    with pytest.raises((ftplib.error_perm, OSError)):  # said while it was still sending, perhaps
        put(client, b"een")
    until(lambda: [one.cause for one in FailedAttempt.objects.all()] == ["data-not-resumed"])
    assert server.delivered() == []
    assert counts() == (0, 0)
    choose("never")
    put(server.sign_in("ftpes"), b"een")


def test_a_refused_transfer_is_told_why(server: FtpServer) -> None:
    choose("always")
    client = server.sign_in("ftpes")
    with pytest.raises(ftplib.error_perm, match="522 The data connection must resume"):
        client.nlst()


@pytest.mark.parametrize("version", VERSIONS)
def test_another_process_on_the_address_cannot_take_the_port_first(server: FtpServer, version: ssl.TLSVersion) -> None:
    """Neither with a session of its own, nor with that of another control connection."""
    learned()
    client = server.sign_in_resuming(version)
    others = server.sign_in_resuming(version)
    others.voidcmd("NOOP")
    for session, context in ((None, trusting(version)), (others.sock.session, others.context)):
        port = client.makepasv()[1]
        thief = context.wrap_socket(socket.create_connection((HOST, port)), session=session)
        assert not thief.session_reused
        with thief, suppress(OSError):
            thief.sendall(b"gestolen")
            assert thief.recv(1) == b""
        with pytest.raises(ftplib.error_temp, match="425 The data connection must resume"):
            client.sendcmd("STOR personen.csv")
    put(client, b"van mij")
    assert server.delivered() == ["personen.csv"]
    until(lambda: [(one.cause, one.times) for one in FailedAttempt.objects.all()] == [("data-not-resumed", 2)])


def handshakes(*resumed: bool, number: int = 1) -> None:
    """Data connections of hr, each in a session of its own."""
    account = accounts.account("hr").pk.hex
    record([DataHandshake(account, number, one) for one in resumed])


@pytest.mark.on_postgresql
def test_it_is_learned_from_a_row_and_asks_no_more_than_was_seen(server: FtpServer) -> None:
    handshakes(*[True] * (LEARNED_AFTER - 1))
    assert must_resume(accounts.account("hr")) == 0
    handshakes(False)
    handshakes(*[True] * (LEARNED_AFTER - 1))
    assert must_resume(accounts.account("hr")) == 0
    handshakes(True)
    assert must_resume(accounts.account("hr")) == 1
    handshakes(False, number=2)  # with TLS 1.3 some programs have no ticket left
    assert must_resume(accounts.account("hr")) == 1
    handshakes(True, number=3)
    assert must_resume(accounts.account("hr")) == 3


def test_a_program_that_resumes_once_a_session_goes_on(server: FtpServer) -> None:
    learned()
    client = server.sign_in_resuming()
    put(client, b"een")
    connection, _ = ftplib.FTP.ntransfercmd(client, "STOR ander.csv")  # noqa: S321
    with client.context.wrap_socket(connection) as data:
        data.sendall(b"twee")
        data.unwrap()
    client.voidresp()
    assert server.delivered() == ["personen.csv", "ander.csv"]
    assert must_resume(accounts.account("hr")) == 1


def test_another_account_on_the_same_connection_begins_anew(server: FtpServer) -> None:
    learned()
    client = server.sign_in("ftpes", "oud")
    put(client, b"een")
    client.login("hr", PASSWORD)
    client.prot_p()
    with pytest.raises(ftplib.error_perm, match="522 The data connection must resume"):
        client.nlst()


def test_another_password_is_learned_anew(server: FtpServer) -> None:
    learned()
    accounts.change(accounts.account("hr"), by=find.user("operator"), password="een-ander-woord")  # noqa: S106
    assert must_resume(accounts.account("hr")) == 0
