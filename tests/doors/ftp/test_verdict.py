"""Never half a file (product.md F3): what came in whole is delivered byte for byte, and nothing else is."""

import ftplib
import io
import os
import socket
import ssl
import time
from collections.abc import Callable

import pytest
from tests.doors.ftp.ftp_server import MODES, PASSWORD, FtpServer, drop, farewell, put, reset, vanish
from tests.kept_files import files_with, kept
from tests.waiting import until

from instroom.store.models import Delivery

CONTENT = os.urandom(300_000)
HALF = CONTENT[:200_000]
GOOD = b"het goede bestand\r\n"
VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]
WAYS = [("ftp", None), *((mode, version) for mode in ("ftpes", "ftps") for version in VERSIONS)]
each_way = pytest.mark.parametrize(("mode", "version"), WAYS, ids=lambda one: getattr(one, "name", one))
STRUCK = [
    pytest.param(
        mode,
        version,
        id=" ".join((mode, getattr(version, "name", ""))).strip(),
        marks=[] if mode == "ftp" or (mode, version) == ("ftpes", VERSIONS[-1]) else pytest.mark.slow,
    )
    for mode, version in WAYS
]
with_and_without_tls = pytest.mark.parametrize("mode", ["ftp", "ftpes"])


def content_of(delivery: Delivery) -> bytes:
    """What has been kept of a delivery."""
    return kept(delivery)


@each_way
def test_a_whole_file_is_delivered_byte_for_byte(server: FtpServer, mode: str, version: ssl.TLSVersion | None) -> None:
    client = server.sign_in(mode, version=version)
    assert put(client, CONTENT) == "226 Transfer complete."
    assert client.size("personen.csv") == len(CONTENT)
    assert client.nlst() == ["personen.csv"]
    client.quit()
    assert server.delivered() == ["personen.csv"]
    delivery = Delivery.objects.get()
    assert content_of(delivery) == CONTENT
    assert delivery.account is not None
    assert delivery.account.name == ("oud" if mode == "ftp" else "hr")
    assert delivery.customer.name == "demo"
    assert delivery.delivered_by is None


def test_an_empty_file_is_whole_too(server: FtpServer) -> None:
    client = server.sign_in("ftpes")
    put(client, b"")
    client.quit()
    assert server.delivered() == ["personen.csv"]


def data_reset(server: FtpServer, client: ftplib.FTP, data: socket.socket) -> None:
    """The line broke: RST on the data connection."""
    reset(data)


def killed(server: FtpServer, client: ftplib.FTP, data: socket.socket) -> None:
    """The program was killed: the system ends both connections."""
    vanish(data)
    drop(client)


def killed_control_first(server: FtpServer, client: ftplib.FTP, data: socket.socket) -> None:
    """As before, in the other order."""
    drop(client)
    vanish(data)


def killed_and_seen_late(server: FtpServer, client: ftplib.FTP, data: socket.socket) -> None:
    """As before, and word of the control connection comes a moment later."""
    vanish(data)
    time.sleep(0.05)
    drop(client)


def killed_after_a_command(server: FtpServer, client: ftplib.FTP, data: socket.socket) -> None:
    """The last thing that the program said is still unread."""
    client.putcmd("NOOP")
    vanish(data)
    drop(client)


def aborted(server: FtpServer, client: ftplib.FTP, data: socket.socket) -> None:
    """The program took it back."""
    client.putcmd("ABOR")
    assert client.getmultiline()[:3] == "426"
    assert client.getmultiline()[:3] == "226"
    vanish(data)


def ended_and_aborted(server: FtpServer, client: ftplib.FTP, data: socket.socket) -> None:
    """The program took it back just after its data ended."""
    vanish(data)
    client.putcmd("ABOR")
    assert client.getmultiline()[:3] == "426"


def control_reset(server: FtpServer, client: ftplib.FTP, data: socket.socket) -> None:
    """RST on the control connection, and the data ends as if all were well."""
    assert client.file is not None
    assert client.sock is not None
    client.file.close()
    reset(client.sock)
    client.sock = client.file = None
    if isinstance(data, ssl.SSLSocket):
        data.settimeout(2)
        with pytest.raises(OSError):
            data.unwrap()
            data.recv(1)
            raise OSError
    vanish(data)


def stalled(server: FtpServer, client: ftplib.FTP, data: socket.socket) -> None:
    """Nothing more comes."""
    assert client.getmultiline()[:3] == "421"
    vanish(data)


def asked_for_another_port(server: FtpServer, client: ftplib.FTP, data: socket.socket) -> None:
    """The program begins something else."""
    client.sendcmd("PASV")
    vanish(data)


@pytest.mark.parametrize(("mode", "version"), STRUCK)
@pytest.mark.parametrize(
    "accident",
    [data_reset, killed, killed_control_first, killed_and_seen_late, killed_after_a_command, aborted,
     ended_and_aborted, control_reset, stalled, asked_for_another_port],
    ids=lambda one: one.__name__,
)  # fmt: skip
def test_what_broke_off_is_not_delivered(
    start: Callable[..., FtpServer],
    mode: str,
    version: ssl.TLSVersion | None,
    accident: Callable[[FtpServer, ftplib.FTP, socket.socket], None],
) -> None:
    server = start()
    put(server.sign_in(mode, version=version), GOOD)
    server.close()
    server = start(stall=0.3 if accident is stalled else 60, patience=60)
    client = server.sign_in(mode, version=version)
    data = server.begin_upload(client)
    data.sendall(HALF)
    time.sleep(0.1)
    accident(server, client, data)
    farewell(client)
    until(lambda: bool(list(server.settings.folder.glob("accounts/*/parts/*.rest"))))
    assert server.delivered() == ["personen.csv"]
    assert content_of(Delivery.objects.get()) == GOOD


def test_tls_that_ends_without_close_notify_broke_off(server: FtpServer) -> None:
    client = server.sign_in("ftpes")
    data = server.begin_upload(client)
    data.sendall(CONTENT)
    vanish(data)
    with pytest.raises(ftplib.error_temp, match="426"):
        client.voidresp()
    assert server.delivered() == []


def test_an_account_may_be_let_off_close_notify(server: FtpServer) -> None:
    from instroom.flow import find
    from instroom.flow.file_server import accounts

    accounts.change(accounts.account("hr"), by=find.user("operator"), allow_missing_close_notify=True)
    client = server.sign_in("ftpes")
    data = server.begin_upload(client)
    data.sendall(CONTENT)
    vanish(data)
    assert client.voidresp()[:3] == "226"
    assert server.delivered() == ["personen.csv"]


@with_and_without_tls
def test_quit_during_an_upload_lets_it_finish(server: FtpServer, mode: str) -> None:
    client = server.sign_in(mode)
    data = server.begin_upload(client)
    data.sendall(HALF)
    client.putcmd("QUIT")
    assert client.getmultiline()[:3] == "221"
    data.sendall(CONTENT[len(HALF) :])
    if isinstance(data, ssl.SSLSocket):
        data.unwrap()
    data.close()
    assert client.getmultiline()[:3] == "226"
    assert server.delivered() == ["personen.csv"]
    assert content_of(Delivery.objects.get()) == CONTENT


@with_and_without_tls
def test_leaving_after_the_answer_without_a_word_is_fine(server: FtpServer, mode: str) -> None:
    client = server.sign_in(mode)
    put(client, CONTENT)
    drop(client)
    assert server.delivered() == ["personen.csv"]


@with_and_without_tls
def test_an_upload_without_data_changes_nothing(server: FtpServer, mode: str) -> None:
    client = server.sign_in(mode)
    put(client, GOOD)
    client.voidcmd("TYPE I")
    client.makepasv()
    assert client.sendcmd("STOR personen.csv")[:3] == "150"
    drop(client)
    assert server.delivered() == ["personen.csv"]
    until(lambda: not list(server.settings.folder.glob("accounts/*/parts/*")))


def test_the_good_file_stays_while_another_breaks_off(server: FtpServer) -> None:
    client = server.sign_in("ftpes")
    put(client, GOOD)
    data = server.begin_upload(client)
    data.sendall(b"nog iets")
    reset(data)
    with pytest.raises(ftplib.error_temp, match="426"):
        client.voidresp()
    read = io.BytesIO()
    client.retrbinary("RETR personen.csv", read.write)
    assert read.getvalue() == GOOD


def test_nothing_of_an_upload_is_on_the_disk_in_the_clear(server: FtpServer) -> None:
    """A process may be killed at any moment: what is there while the upload is under way is what would stay."""
    line, client = b"Vermeulen-Oost;", server.sign_in("ftp")
    for name in ("personen.csv", "personen.tmp"):
        data = server.begin_upload(client, name)
        data.sendall(line * 10_000)
        until(lambda: server.received() == [len(line) * 10_000])
        assert files_with(server.settings.folder, line) == []
        if name == "personen.csv":
            reset(data)
            with pytest.raises(ftplib.error_temp, match="426"):
                client.voidresp()
        else:
            data.close()
            client.voidresp()
    assert {one.suffix for one in server.settings.folder.rglob("*.*")} >= {".rest", ".tmp", ".file"}
    assert files_with(server.settings.folder, line) == []
    read = io.BytesIO()
    client.retrbinary("RETR personen.tmp", read.write, rest=70_000)
    assert read.getvalue() == (line * 10_000)[70_000:]
    assert [client.size(name) for name in ("personen.tmp", "personen.csv")] == [150_000, 149_999]


@pytest.mark.parametrize("mode", MODES)
def test_what_broke_off_can_be_resumed(server: FtpServer, mode: str) -> None:
    first = server.sign_in(mode)
    data = server.begin_upload(first)
    data.sendall(HALF)
    time.sleep(0.2)
    reset(data)
    drop(first)
    until(lambda: bool(list(server.settings.folder.glob("accounts/*/parts/*.rest"))))
    again = server.sign_in(mode)
    size = again.size("personen.csv")
    assert size is not None
    assert 0 < size <= len(HALF)
    again.storbinary("STOR personen.csv", io.BytesIO(CONTENT[size:]), rest=size)
    assert server.delivered() == ["personen.csv"]
    assert content_of(Delivery.objects.get()) == CONTENT


@with_and_without_tls
def test_what_broke_off_at_its_very_end_still_wants_its_last_byte(start: Callable[..., FtpServer], mode: str) -> None:
    """Else a program that resumes would find all of its file there, send nothing, and take it for delivered."""
    server = start(patience=60)
    first = server.sign_in(mode)
    data = server.begin_upload(first)
    data.sendall(CONTENT)
    until(lambda: server.received() == [len(CONTENT)])
    vanish(data)
    drop(first)
    until(lambda: bool(list(server.settings.folder.glob("accounts/*/parts/*.rest"))))
    server.close()
    server = start()
    again = server.sign_in(mode)
    assert again.size("personen.csv") == len(CONTENT) - 1
    again.storbinary("STOR personen.csv", io.BytesIO(CONTENT[-1:]), rest=len(CONTENT) - 1)
    assert server.delivered() == ["personen.csv"]
    assert content_of(Delivery.objects.get()) == CONTENT


def test_resuming_before_the_end_forgets_what_came_after(server: FtpServer) -> None:
    first = server.sign_in("ftp")
    data = server.begin_upload(first)
    data.sendall(HALF)
    time.sleep(0.2)
    drop(first)
    vanish(data)
    again = server.sign_in("ftp")
    again.storbinary("STOR personen.csv", io.BytesIO(b"kort"), rest=10)
    assert server.delivered() == ["personen.csv"]
    assert content_of(Delivery.objects.get()) == CONTENT[:10] + b"kort"


@pytest.mark.parametrize("command", ["REST 5|STOR personen.csv", "APPE personen.csv"])
@pytest.mark.parametrize("later", [False, True], ids=["same session", "next session"])
def test_nothing_is_added_to_a_whole_file(server: FtpServer, command: str, later: bool) -> None:
    client = server.sign_in("ftpes")
    put(client, GOOD)
    if later:
        client.quit()
        client = server.sign_in("ftpes")
        with pytest.raises(ftplib.error_perm, match="550"):
            client.size("personen.csv")
        assert client.nlst() == []
    client.voidcmd("TYPE I")
    client.makepasv()
    *before, last = command.split("|")
    for one in before:
        client.sendcmd(one)
    with pytest.raises(ftplib.error_perm, match="550"):
        client.sendcmd(last)
    assert server.delivered() == ["personen.csv"]


def test_what_broke_off_is_soon_too_old_to_be_resumed(start: Callable[..., FtpServer]) -> None:
    server = start(resume=0)
    first = server.sign_in("ftp")
    data = server.begin_upload(first)
    data.sendall(HALF)
    drop(first)
    vanish(data)
    again = server.sign_in("ftp")
    with pytest.raises(ftplib.error_perm, match="550"):
        again.storbinary("STOR personen.csv", io.BytesIO(b"rest"), rest=10)


def test_a_temporary_name_is_delivered_when_it_gets_its_own(server: FtpServer) -> None:
    client = server.sign_in("ftpes")
    put(client, CONTENT, "personen.csv.part")
    assert server.delivered() == []
    client.rename("personen.csv.part", "personen.csv")
    assert client.nlst() == ["personen.csv"]
    assert server.delivered() == ["personen.csv"]
    assert content_of(Delivery.objects.get()) == CONTENT
    client.rename("personen.csv", "oud.csv")
    assert server.delivered() == ["personen.csv"]


@pytest.mark.parametrize("content", [b"a\r\nb\nc\r", b"\r\n\r\r\n\n"])
def test_text_is_stored_as_it_was_sent(server: FtpServer, content: bytes) -> None:
    client = server.sign_in("ftp")
    client.voidcmd("TYPE A")
    with client.transfercmd("STOR personen.csv") as data:
        data.sendall(content)
    assert client.voidresp()[:3] == "226"
    assert server.delivered() == ["personen.csv"]
    assert content_of(Delivery.objects.get()) == content


def test_two_sessions_write_two_files_under_one_name(server: FtpServer) -> None:
    one, other = server.sign_in("ftpes"), server.sign_in("ftpes")
    first, second = server.begin_upload(one), server.begin_upload(other)
    first.sendall(b"eerste " * 1000)
    second.sendall(b"tweede " * 1000)
    for data, client in ((second, other), (first, one)):
        data.unwrap()
        data.close()
        assert client.voidresp()[:3] == "226"
    assert server.delivered() == ["personen.csv", "personen.csv"]
    contents = [content_of(one) for one in Delivery.objects.order_by("pk")]
    assert contents == [b"tweede " * 1000, b"eerste " * 1000]


def test_a_second_transfer_does_not_mix_with_the_first(server: FtpServer) -> None:
    client = server.sign_in("ftp")
    data = server.begin_upload(client)
    data.sendall(HALF)
    with pytest.raises(ftplib.error_perm, match="503"):
        client.sendcmd("STOR ander.csv")
    data.sendall(CONTENT[len(HALF) :])
    data.close()
    assert client.voidresp()[:3] == "226"
    assert server.delivered() == ["personen.csv"]
    assert content_of(Delivery.objects.get()) == CONTENT


def test_what_was_committed_before_a_crash_is_delivered_once(start: Callable[..., FtpServer]) -> None:
    """Killed after the file was in the hand-over, and again after it was a delivery but still waited there."""
    from instroom.flow import find
    from instroom.flow.file_server import accounts
    from instroom.flow.file_server.take_in import facts_of
    from instroom.store.files import uploads

    server = start()
    server.close()
    folders = uploads.AccountFolders(server.settings.folder, accounts.account("hr").pk.hex)
    folders.make()
    for _ in range(2):
        part = folders.parts / "deel"
        part.write_bytes(CONTENT)
        uploads.commit(folders, part, folders.folder / "personen.csv", facts_of(folders.account, "personen.csv"))
    first, second = uploads.waiting(folders.base)
    from instroom.flow.delivery.receive import receive

    receive(first.file, find.customer("demo"), by=accounts.account("hr"), name="personen.csv", known_as=first.id)
    start()
    until(lambda: Delivery.objects.count() == 2)
    server.settle()
    assert {one.pk for one in Delivery.objects.all()} == {first.id, second.id}
    assert PASSWORD not in first.note.name
