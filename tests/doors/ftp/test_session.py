"""What a session may and may not do (product.md F1, F2), and what comes back in its directory (F4)."""

import ftplib
import hashlib
import io
import json
import logging
import re
import socket
import ssl
import threading
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from django.contrib.auth.hashers import get_hasher
from django.db import connection
from tests.doors.ftp.ftp_server import HOST, MODES, PASSWORD, FtpServer, add_account, passive_ports, put, trusting
from tests.waiting import until

from instroom.doors.ftp.command import listening_line
from instroom.flow import find
from instroom.flow.connections import connections
from instroom.flow.delivery.advance import advance_all
from instroom.flow.delivery.reports import make_asked
from instroom.flow.file_server import accounts
from instroom.flow.operations.init import add_customer
from instroom.store.models import AttemptCounter, AuditEntry, Delivery


def example(tmp_path: Path) -> bytes:
    """The example delivery."""
    from instroom.core.layout.standard import standard
    from instroom.core.write.delivery_file import write_records
    from instroom.core.write.example import example_rows

    write_records(tmp_path / "voorbeeld.csv", "csv", standard(), example_rows(standard()))
    return (tmp_path / "voorbeeld.csv").read_bytes()


def talk(connection: socket.socket, text: bytes) -> bytes:
    """Say something, and hear what is answered."""
    connection.sendall(text)
    return connection.recv(4096)


# Who gets in


@pytest.mark.parametrize("name", ["hr", "niemand", "oud"])
def test_without_tls_only_named_accounts_get_as_far_as_their_password(server: FtpServer, name: str) -> None:
    client = server.connect("ftp")
    if name == "oud":
        assert client.sendcmd(f"USER {name}")[:3] == "331"
    else:
        with pytest.raises(ftplib.error_perm, match="550 TLS is required"):
            client.sendcmd(f"USER {name}")


@pytest.mark.parametrize("name", ["hr", "oud"])
def test_on_the_port_of_explicit_tls_nothing_goes_before_it(server: FtpServer, name: str) -> None:
    with socket.create_connection((HOST, server.running.ports["ftpes"])) as raw:
        raw.recv(4096)
        assert talk(raw, f"USER {name}\r\n".encode()).startswith(b"550 TLS is required")


def test_the_port_of_plain_ftp_takes_tls_too(server: FtpServer) -> None:
    client = ftplib.FTP_TLS(context=trusting(), timeout=20)  # noqa: S321
    client.connect(HOST, server.running.ports["ftp"])
    client.login("hr", PASSWORD)
    client.prot_p()
    put(client, b"x")
    client.close()
    assert server.delivered() == ["personen.csv"]


@pytest.mark.parametrize(("name", "password"), [("hr", "verkeerd woord"), ("niemand", PASSWORD), ("", PASSWORD)])
def test_whoever_is_wrong_is_told_the_same(server: FtpServer, name: str, password: str) -> None:
    client = server.connect("ftpes")
    with pytest.raises(ftplib.error_perm, match=r"530 Authentication failed|501"):
        client.login(name or " ", password)


def test_an_account_that_is_switched_off_stays_out(server: FtpServer) -> None:
    accounts.change(accounts.account("hr"), by=find.user("operator"), active=False)
    with pytest.raises(ftplib.error_perm, match="530"):
        server.sign_in("ftpes")


def test_guessing_ends_in_a_ban_that_outlives_the_server(start: Callable[..., FtpServer]) -> None:
    server = start()
    for _ in range(5):
        client = server.connect("ftpes")
        with pytest.raises(ftplib.error_perm, match="530"):
            client.login("hr", "verkeerd woord")
    assert AttemptCounter.objects.filter(banned_until__isnull=False).count() == 1
    server.close()
    again = start()
    with pytest.raises(ftplib.error_temp, match="421 Too many failed attempts"):
        again.sign_in("ftpes")
    again.sign_in("ftp").quit()  # another account is not meant
    entry = AuditEntry.objects.get(action="account-banned")
    assert entry.facts["account"] == "hr"


def test_failures_count_on_after_a_restart(start: Callable[..., FtpServer]) -> None:
    """Of one address and account five are too many, whichever process was told of them."""
    for failures in (3, 2):
        server = start()
        for _ in range(failures):
            with pytest.raises(ftplib.error_perm, match="530"):
                server.connect("ftpes").login("hr", "verkeerd woord")
        server.close()
    with pytest.raises(ftplib.error_temp, match="421 Too many failed attempts"):
        start().sign_in("ftpes")


def test_a_hash_holds_up_nobody_else(server: FtpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """While no hash comes to an end, who is in is answered."""
    begun, go_on = threading.Event(), threading.Event()

    def hash_slowly(*_: object) -> str:
        begun.set()
        assert go_on.wait(60)
        return "md5$x$x"

    there = server.sign_in("ftpes")
    monkeypatch.setattr(type(get_hasher()), "encode", hash_slowly)
    guessing = [server.connect("ftpes") for _ in range(8)]
    for one in guessing:
        one.sendcmd("USER niemand")
        one.putcmd("PASS verkeerd woord")
    assert begun.wait(60)
    for _ in range(20):
        there.voidcmd("NOOP")
    assert not go_on.is_set()
    go_on.set()
    for one in guessing:
        assert one.getmultiline()[:3] in ("530", "421")  # wrong, and wrong too often


def test_what_was_sent_behind_auth_is_thrown_away(server: FtpServer) -> None:
    """Somebody on the line may have put it there (CVE-2011-0411 and its kin)."""
    with socket.create_connection((HOST, server.running.ports["ftpes"])) as raw:
        raw.recv(4096)
        assert talk(raw, b"AUTH TLS\r\nUSER hr\r\n").startswith(b"234")
        with trusting().wrap_socket(raw) as safe:
            assert talk(safe, f"PASS {PASSWORD}\r\n".encode()).startswith(b"503")


@pytest.mark.parametrize("mode", ["ftpes", "ftps"])
def test_data_goes_over_tls_where_commands_do(server: FtpServer, mode: str) -> None:
    client = server.sign_in(mode)
    with pytest.raises(ftplib.error_perm, match="536"):
        client.sendcmd("PROT C")


def test_data_waits_for_prot_p(server: FtpServer) -> None:
    client = server.connect("ftpes")
    client.login("hr", PASSWORD)
    with pytest.raises(ftplib.error_perm, match="521"):
        client.nlst()


@pytest.mark.parametrize("mode", ["ftpes", "ftps"])
def test_older_tls_is_refused(server: FtpServer, mode: str) -> None:
    context = trusting()
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection((HOST, server.running.ports[mode])) as raw:
        if mode == "ftpes":
            raw.recv(4096)
            talk(raw, b"AUTH TLS\r\n")
        with pytest.raises(ssl.SSLError):
            context.wrap_socket(raw)


def shown_certificate(server: FtpServer) -> bytes:
    """What a program gets to see that connects now."""
    with server.connect("ftps") as client:
        return client.sock.getpeercert(True)


def test_a_new_certificate_is_used_without_a_restart(server: FtpServer, tmp_path: Path) -> None:
    from instroom.flow.file_server.certificate import own_certificate

    there = server.sign_in("ftps")
    before = shown_certificate(server)
    for one, other in zip(own_certificate(tmp_path / "nieuw"), server.running.certificate, strict=True):
        one.replace(other)
    until(lambda: shown_certificate(server) != before)
    put(there, b"de oude gaat door")


def test_a_certificate_that_cannot_be_used_leaves_the_old_one(
    server: FtpServer, caplog: pytest.LogCaptureFixture
) -> None:
    before, seen = shown_certificate(server), set()
    whole = server.running.certificate.certificate.read_bytes()
    server.running.certificate.certificate.write_bytes(whole[: len(whole) // 2])
    until(lambda: seen.add(shown_certificate(server)) or "the old one stays" in caplog.text)
    assert {*seen, shown_certificate(server)} == {before}


def test_the_certificate_is_known_by_the_fingerprint_that_is_told(
    server: FtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """At the start, and to the supplier on the pages; there with the ports on which it really listens."""
    from instroom.flow.file_server.ways_in import ways_in

    monkeypatch.setenv("INSTROOM_FTP_FOLDER", str(server.settings.folder))
    served = hashlib.sha256(server.connect("ftpes").sock.getpeercert(True)).hexdigest().upper()
    told = ways_in()
    assert told.fingerprint.replace(":", "") == served
    assert listening_line(server.running, "en").endswith(told.fingerprint)
    assert told.ports == server.running.ports
    assert told.passive == (server.settings.passive[0], server.settings.passive[-1])


# What it sees


def test_an_account_sees_its_own_directory_alone(server: FtpServer) -> None:
    add_customer("ander", "Ander", {})
    add_account("vreemd", "ander")
    mine, theirs = server.sign_in("ftpes"), server.sign_in("ftpes", "vreemd")
    put(mine, b"van mij")
    assert mine.nlst() == ["personen.csv"]
    assert theirs.nlst() == []
    for path in ("../", "/../../", "..\\..", "/../../accounts", "//etc/passwd", "/etc/passwd", "~"):
        with pytest.raises(ftplib.error_perm, match="550"):
            theirs.size(path)
    theirs.cwd("/..")
    assert theirs.pwd() == "/"
    server.delivered()
    assert Delivery.objects.get().customer.name == "demo"


def test_commands_that_programs_give_after_an_upload(server: FtpServer) -> None:
    client = server.sign_in("ftpes")
    put(client, b"inhoud")
    assert client.sendcmd("MFMT 20260102030405 personen.csv")[:3] == "213"
    assert client.sendcmd("SITE CHMOD 644 personen.csv")[:3] == "200"
    assert [(name, facts["size"]) for name, facts in client.mlsd()] == [("personen.csv", "6")]
    assert client.delete("personen.csv")[:3] == "250"
    assert server.delivered() == ["personen.csv"]


def test_nothing_is_accepted_in_a_directory_below(server: FtpServer) -> None:
    """Nobody would look at it; a file that is a delivery already may be moved there."""
    client = server.sign_in("ftpes")
    client.mkd("archief")
    for name in ("archief/oud.csv", "archief/oud.csv.part"):
        with pytest.raises(ftplib.error_perm, match="553 Files are accepted in the agreed directory alone"):
            put(client, b"bewaard", name)
    put(client, b"onderweg", "personen.csv.part")
    client.sendcmd("RNFR personen.csv.part")
    with pytest.raises(ftplib.error_perm, match="553"):
        client.sendcmd("RNTO archief/personen.csv")
    client.rename("personen.csv.part", "personen.csv")
    client.rename("personen.csv", "archief/personen.csv")
    client.cwd("archief")
    assert client.nlst() == ["personen.csv"]
    assert server.delivered() == ["personen.csv"]


REFUSED = ["personen.csv.rapport.xlsx", "x.rapport.json", "a" * 250, "er/is/geen/map.csv"]
LITTER = ["Thumbs.db", "desktop.ini", ".DS_Store", "._personen.csv", "__MACOSX", "~$personen.xlsx"]


@pytest.mark.parametrize("name", REFUSED + LITTER)
def test_names_that_are_refused(server: FtpServer, name: str) -> None:
    client = server.sign_in("ftpes")
    with pytest.raises(ftplib.error_perm, match="553"):
        put(client, b"x", name)
    assert server.delivered() == []


def test_a_pattern_lists_what_matches(server: FtpServer) -> None:
    client = server.sign_in("ftpes")
    for name in ("personen.csv", "bedrijven.csv", "lijst[1].xlsx"):
        put(client, b"x", name)
    assert client.nlst("*.CSV") == ["bedrijven.csv", "personen.csv"]
    assert client.nlst("p?rsonen.*") == ["personen.csv"]
    assert client.nlst("lijst[1].xlsx") == ["lijst[1].xlsx"]
    assert client.nlst("*.rapport.*") == []
    assert client.nlst("-la") == client.nlst()
    lines: list[str] = []
    client.retrlines("LIST -la *.csv", lines.append)
    assert [line.split()[-1] for line in lines] == ["bedrijven.csv", "personen.csv"]
    for name in ("geen.csv", "geen/*.csv"):
        with pytest.raises(ftplib.error_perm, match="550"):
            client.nlst(name)


def test_a_name_may_be_of_an_older_windows(server: FtpServer) -> None:
    client = server.sign_in("ftp")
    client.encoding = "cp1252"
    put(client, b"x", "patiënt.csv")
    assert server.delivered() == ["patiënt.csv"]


@pytest.mark.parametrize("line", ["SIZE a\0b", "SIZE a\x1bb"])
def test_control_characters_are_refused(server: FtpServer, line: str) -> None:
    client = server.sign_in("ftp")
    client.sock.sendall(line.encode() + b"\r\n")
    assert client.file.readline().startswith("501")


# How much


def test_a_file_that_is_too_large_is_refused(start: Callable[..., FtpServer]) -> None:
    server = start(file_bytes=100_000)
    client = server.sign_in("ftp")
    with pytest.raises(ftplib.error_perm, match="552"):
        client.sendcmd("ALLO 100001")
    assert client.sendcmd("ALLO 100000")[:3] == "200"
    data = server.begin_upload(client)
    try:
        data.sendall(b"x" * 100_001)
    finally:
        data.close()
    with pytest.raises(ftplib.error_perm, match="552"):
        client.voidresp()
    assert server.delivered() == []
    put(client, b"x" * 100_000)
    assert server.delivered() == ["personen.csv"]


@pytest.mark.parametrize("limit", [{"quota": 10}, {"free": 1 << 60}])
def test_without_room_nothing_is_accepted(start: Callable[..., FtpServer], limit: dict[str, int]) -> None:
    server = start(**limit)
    client = server.sign_in("ftp")
    client.mkd("map") if "quota" in limit else None
    with pytest.raises(ftplib.error_perm, match="552"):
        for _ in range(2):
            put(client, b"x" * 1000)


def test_the_ports_for_data_are_those_and_no_others(start: Callable[..., FtpServer]) -> None:
    server = start(passive=passive_ports(2))
    add_account("derde")
    clients = [server.sign_in("ftpes", name) for name in ("hr", "oud", "derde")]
    ports = {one.makepasv()[1] for one in clients[:2]}
    assert ports == set(passive_ports(2))
    with pytest.raises(ftplib.error_temp, match="425"):
        clients[2].sendcmd("PASV")
    put(clients[0], b"x")
    put(clients[2], b"y", "ander.csv")
    assert sorted(server.delivered()) == ["ander.csv", "personen.csv"]


def test_programs_behind_nat_are_told_where_to_come(start: Callable[..., FtpServer]) -> None:
    server = start(masquerade="192.0.2.7")
    assert "192,0,2,7" in server.sign_in("ftp").sendcmd("PASV")


def test_no_data_goes_to_somebody_else(server: FtpServer) -> None:
    with pytest.raises(ftplib.error_perm, match="501"):
        server.sign_in("ftp").sendcmd("PORT 192,0,2,7,200,10")


def test_one_address_gets_so_many_connections(start: Callable[..., FtpServer]) -> None:
    server = start(connections_per_address=2)
    there = [server.connect("ftpes"), server.connect("ftp")]
    with pytest.raises(ftplib.error_temp, match="421"):
        server.connect("ftpes")
    there[0].close()
    until(lambda: bool(server.connect_or_not("ftpes")))


def test_without_its_tables_it_tells_programs_to_come_back(server: FtpServer) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE store_fileaccount RENAME TO away")
        try:
            for mode in ("ftp", "ftpes"):
                with pytest.raises(ftplib.error_temp, match="421"):
                    server.sign_in(mode)
        finally:
            cursor.execute("ALTER TABLE away RENAME TO store_fileaccount")


def test_who_does_nothing_is_sent_away(start: Callable[..., FtpServer]) -> None:
    server = start(idle=1)

    def is_sent_away() -> bool:
        with suppress(ftplib.Error, EOFError, OSError):  # on a busy machine already while it signs in
            return server.sign_in("ftpes").getmultiline()[:3] == "421"
        return False

    until(is_sent_away)


def test_the_log_has_no_passwords(server: FtpServer, caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("instroom.ftp")
    logger.addHandler(caplog.handler)
    try:
        client = server.connect("ftpes")
        with pytest.raises(ftplib.error_perm):
            client.login(PASSWORD, "een-ander-geheim")
        put(server.sign_in("ftpes"), b"x")
        until(lambda: "upload of 'personen.csv', 1 bytes, complete" in caplog.text)
    finally:
        logger.removeHandler(caplog.handler)
    assert "sign-in failed" in caplog.text
    assert PASSWORD not in caplog.text
    assert "een-ander-geheim" not in caplog.text


# What comes back


def carry_on() -> None:
    """What the worker does."""
    advance_all()
    make_asked()


def test_the_answer_comes_back_and_follows_the_delivery(server: FtpServer, tmp_path: Path) -> None:
    from instroom.flow.delivery.decide import approve

    client = server.sign_in("ftpes")
    put(client, example(tmp_path))
    server.settle()
    carry_on()
    client.quit()
    later = server.sign_in("ftpes")
    until(lambda: later.nlst() == ["personen.csv.rapport.json", "personen.csv.rapport.xlsx"])
    until(lambda: answer(later)["state"] == "awaiting-approval")
    assert answer(later)["check"]["verdict"] == "clean"
    workbook = io.BytesIO()
    later.retrbinary("RETR personen.csv.rapport.xlsx", workbook.write)
    assert zipfile.ZipFile(workbook).testzip() is None
    approve(Delivery.objects.get(), by=find.user("operator"))
    carry_on()
    until(lambda: answer(later)["state"] == "imported")
    assert answer(later)["live"]["state"] == "imported"
    put(later, b"geen aanlevering")
    server.settle()
    carry_on()
    until(lambda: answer(later)["state"] == "rejected")


def answer(client: ftplib.FTP) -> dict[str, dict[str, str]]:
    """The answer as a program reads it."""
    read = io.BytesIO()
    client.retrbinary("RETR personen.csv.rapport.json", read.write)
    document: dict[str, dict[str, str]] = json.loads(read.getvalue())
    return document


def test_an_answer_that_is_read_can_be_thrown_away(server: FtpServer) -> None:
    client = server.sign_in("ftpes")
    put(client, b"geen aanlevering")
    server.settle()
    carry_on()
    until(lambda: "personen.csv.rapport.json" in client.nlst())
    with pytest.raises(ftplib.error_perm, match="550"):
        client.rename("personen.csv.rapport.json", "gelezen.json")
    client.delete("personen.csv.rapport.json")
    client.delete("personen.csv.rapport.xlsx")
    time.sleep(1.2)
    assert client.nlst() == ["personen.csv"]


@pytest.mark.parametrize("mode", MODES)
def test_an_empty_directory_can_be_listed(server: FtpServer, mode: str) -> None:
    client = server.sign_in(mode)
    for _ in range(5):
        assert client.nlst() == []
        assert list(client.mlsd()) == []


def test_a_landing_folder_takes_files_and_gives_their_answers(server: FtpServer) -> None:
    connections.add(
        "nacht", find.customer("demo"), by=find.user("operator"), account="hr", file_name="*.csv", folder="export/hr"
    )
    client = server.sign_in("ftpes")
    client.cwd("export/hr")
    put(client, b"geen aanlevering", "p.csv.tmp")
    client.rename("p.csv.tmp", "p.csv")
    assert server.delivered() == ["p.csv"]
    delivery = Delivery.objects.get()
    assert (delivery.connection.name, delivery.waits_for) == ("nacht", "hour")
    Delivery.objects.update(waits_for="")
    carry_on()
    until(lambda: "p.csv.rapport.json" in client.nlst())
    client.cwd("/")
    assert client.nlst() == ["export"]


def test_an_answer_that_is_taken_is_in_the_audit_log(server: FtpServer) -> None:
    client = server.sign_in("ftpes")
    put(client, b"geen aanlevering")
    server.settle()
    carry_on()
    until(lambda: "personen.csv.rapport.json" in client.nlst())
    before = AuditEntry.objects.filter(action="answer-taken").count()  # those that wrote it
    answer(client)
    with pytest.raises(ftplib.error_perm, match="550"):
        client.retrbinary("RETR ander.csv.rapport.json", lambda chunk: None)
    taken = AuditEntry.objects.filter(action="answer-taken").order_by("pk")
    assert taken.count() == before + 1
    one = taken.last()
    assert one is not None
    assert (one.facts, one.delivery, one.user) == (
        {"account": "hr", "file": "personen.csv.rapport.json"}, Delivery.objects.get(), None
    )  # fmt: skip
    accounts.change(accounts.account("hr"), by=find.user("operator"), active=False)
    with pytest.raises((ftplib.error_temp, EOFError, OSError)):
        answer(client)
    assert taken.count() == before + 1


# One after the other


def talk_in_one_go(server: FtpServer, *lines: str) -> str:
    """What is answered to a program that does not wait for answers."""
    with socket.create_connection((HOST, server.running.ports["ftp"]), timeout=20) as raw:
        raw.sendall("".join(f"{line}\r\n" for line in (*lines, "QUIT")).encode())
        return b"".join(iter(lambda: raw.recv(4096), b"")).decode()


def test_commands_that_are_sent_in_one_go_take_turns(server: FtpServer) -> None:
    lines = ["USER oud", f"PASS {PASSWORD}", "PWD", "USER oud", "PASS verkeerd woord", "NOOP", "REIN"]
    answers = talk_in_one_go(server, *lines)
    assert re.findall(r"^(\d{3}) ", answers, re.MULTILINE) == "220 331 230 257 331 530 200 530 221".split()


def test_what_is_under_way_is_not_the_next_accounts(server: FtpServer) -> None:
    add_account("derde", plain_ftp=True)
    client = server.sign_in("ftp")
    data = server.begin_upload(client)
    data.sendall(b"van oud")
    until(lambda: server.received() == [7])
    with pytest.raises(ftplib.error_temp, match="426"):
        client.sendcmd("USER derde")
    assert [client.getresp()[:3], client.sendcmd(f"PASS {PASSWORD}")[:3]] == ["331", "230"]
    with suppress(OSError):
        data.close()
    put(client, b"van derde", "ander.csv")
    assert server.delivered() == ["ander.csv"]


def test_an_upload_that_never_gets_its_data_connection_is_kept_to_be_resumed(server: FtpServer) -> None:
    client = server.sign_in("ftp")
    data = server.begin_upload(client)
    data.sendall(b"0123456789")
    until(lambda: server.received() == [10])
    with pytest.raises(ftplib.error_temp, match="426"):
        client.sendcmd("ABOR")
    client.getresp()
    data.close()
    client.makepasv()
    for line in ("REST 9", "STOR personen.csv", "STOR ander.csv", "REIN"):
        client.sendcmd(line)
    client.login("oud", PASSWORD)
    assert client.size("personen.csv") == 8
