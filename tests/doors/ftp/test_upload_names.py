"""The name at the end decides whose delivery an upload is; nothing that was acknowledged is lost (product.md F3)."""

import ftplib
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doors.ftp.ftp_server import FtpServer, put
from tests.kept_files import kept
from tests.waiting import until

from instroom.flow import find
from instroom.flow.connections import connections
from instroom.flow.file_server import accounts
from instroom.flow.file_server.upload_names import KEPT, commit, renamable, rename, settle_names
from instroom.store.files import unnamed_files
from instroom.store.files.uploads import AccountFolders
from instroom.store.models import AuditEntry, Connection, Delivery

CONTENT = b"a;b\r\n" * 1000
TEMPORARY = [
    *("personen.csv.part", "personen.csv.filepart", "personen.csv.1a2b3c.partial", "personen.csv.lftp"),
    *("personen.csv.writing", "_personen.csv", "personen.csv.1234.tmp", "personen.csv.x", "personen"),
    *("temp.personen", ".in.personen.csv."),
]


def connect(name: str = "nacht", file_name: str = "personen.csv") -> Connection:
    operator = find.user("operator")
    asked = {"account": "hr", "file_name": file_name, "schedule": "daily 01:00"}
    return connections.add(name, find.customer("demo"), by=operator, **asked)


def waiting(server: FtpServer) -> list[tuple[str, bool]]:
    return [(one.name, one.is_left) for one in unnamed_files.unnamed_files(server.settings.folder)]


def outcome() -> list[tuple[str, str | None, str]]:
    found = Delivery.objects.order_by("pk").values_list("file_name", "connection__name", "waits_for")
    return [(name, connection, waits) for name, connection, waits in found]


@pytest.mark.parametrize("with_connection", [True, False], ids=["connection", "no connection"])
@pytest.mark.parametrize("name", TEMPORARY)
def test_the_rename_makes_the_delivery_whatever_the_temporary_name(
    server: FtpServer, name: str, with_connection: bool
) -> None:
    connection = connect().name if with_connection else None
    client = server.sign_in("ftpes")
    put(client, CONTENT, name)
    assert server.delivered() == []
    assert client.nlst() == [name]
    client.rename(name, "personen.csv")
    assert client.nlst() == ["personen.csv"]
    server.settle()
    assert outcome() == [("personen.csv", connection, "hour" if connection else "")]
    assert kept(Delivery.objects.get()) == CONTENT
    client.rename("personen.csv", "oud.csv")
    server.pass_time()
    assert server.delivered() == ["personen.csv"]


@pytest.mark.parametrize("name", ["personen.csv.writing", "anders.csv"])
def test_the_rename_may_come_in_the_next_session(server: FtpServer, name: str) -> None:
    connect()
    first = server.sign_in("ftpes")
    put(first, CONTENT, name)
    first.quit()
    client = server.sign_in("ftpes")
    assert client.nlst() == []
    client.rename(name, "personen.csv")
    assert client.size("personen.csv") == len(CONTENT)
    server.settle()
    assert outcome() == [("personen.csv", "nacht", "hour")]


@pytest.mark.parametrize("same_session", [True, False], ids=["same session", "next session"])
def test_a_late_rename_moves_the_delivery_to_the_connection(server: FtpServer, same_session: bool) -> None:
    connection = connect()
    connections.change(connection, by=find.user("operator"), policies={"on_error": "skip"})
    client = server.sign_in("ftpes")
    put(client, CONTENT, "personen.csv.x")
    server.pass_time()
    assert outcome() == [("personen.csv.x", None, "name")]
    if not same_session:
        client = server.sign_in("ftpes")
    client.rename("personen.csv.x", "anders.csv")
    assert outcome() == [("anders.csv", None, "name")]
    client = client if same_session else server.sign_in("ftpes")
    client.rename("anders.csv", "personen.csv")
    assert outcome() == [("personen.csv", "nacht", "hour")]
    assert Delivery.objects.get().policies["on_error"] == "skip"
    assert AuditEntry.objects.filter(action="renamed").count() == 2
    with pytest.raises(ftplib.error_perm, match="550"):
        server.sign_in("ftpes").rename("personen.csv.x", "personen.csv")


def test_what_somebody_has_looked_at_stays_what_it_is(server: FtpServer) -> None:
    connect()
    client = server.sign_in("ftpes")
    put(client, CONTENT, "anders.csv")
    server.pass_time()
    Delivery.objects.update(waits_for="", state="checking")
    client.rename("anders.csv", "personen.csv")
    assert outcome() == [("anders.csv", None, "")]


def test_a_name_that_gets_no_other_is_delivered_or_left(server: FtpServer) -> None:
    """Of an unknown name a person decides as of any stranger; of a temporary one on the page of the account."""
    connect()
    client = server.sign_in("ftpes")
    for name in ("anders.csv", "personen.csv.tmp", "personen.csv"):
        put(client, CONTENT, name)
    client.quit()
    server.settle()
    assert outcome() == [("personen.csv", "nacht", "hour")]
    assert waiting(server) == [("anders.csv", False), ("personen.csv.tmp", False)]
    server.pass_time()
    assert [one for one in outcome() if one[0] != "personen.csv"] == [("anders.csv", None, "name")]
    assert waiting(server) == [("personen.csv.tmp", True)]


def test_without_connections_a_known_ending_is_delivered_at_once(server: FtpServer) -> None:
    client = server.sign_in("ftpes")
    for name in ("personen.csv", "lijst.XLSX", "export"):
        put(client, CONTENT, name)
    assert sorted(server.delivered()) == ["lijst.XLSX", "personen.csv"]
    server.pass_time()
    assert sorted(server.delivered()) == ["export", "lijst.XLSX", "personen.csv"]


def test_what_its_program_takes_back_is_gone(server: FtpServer) -> None:
    client = server.sign_in("ftpes")
    put(client, b"proef", "schrijfproef.tmp")
    client.delete("schrijfproef.tmp")
    assert waiting(server) == []
    assert not list((server.settings.folder / "handover").iterdir())


def test_a_connection_that_is_made_meanwhile_takes_what_waits(server: FtpServer) -> None:
    connect()
    put(server.sign_in("ftpes"), CONTENT, "bedrijven.csv")
    connect("bedrijven", "bedrijven.csv")
    settle_names(server.settings.folder)
    until(lambda: outcome() == [("bedrijven.csv", "bedrijven", "hour")])


def test_what_is_left_counts_for_the_room_of_its_account(start: Callable[..., FtpServer]) -> None:
    server = start(quota=1500)
    client = server.sign_in("ftpes")
    put(client, b"x" * 2000, "personen.csv.tmp")
    client.quit()
    server.pass_time()
    with pytest.raises(ftplib.error_perm, match="552 The directory is full"):
        put(server.sign_in("ftpes"), b"x")
    server.sign_in("ftp", "oud").quit()


def test_what_is_left_goes_after_the_time_that_is_said(server: FtpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    put(server.sign_in("ftpes"), CONTENT, "personen.csv.tmp")
    server.pass_time()
    monkeypatch.setattr("instroom.flow.file_server.upload_names.KEPT", KEPT * 0)
    settle_names(server.settings.folder)
    until(lambda: not list((server.settings.folder / "handover").iterdir()))  # the server's own round may be at it


def test_without_a_database_an_upload_is_kept_all_the_same(
    server: FtpServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    def is_down(*_: object) -> bool:
        raise OperationalError

    folders = AccountFolders(tmp_path / "elders", accounts.account("hr").pk.hex)
    folders.make()
    (folders.parts / "deel").write_bytes(CONTENT)
    with monkeypatch.context() as patched:
        patched.setattr("instroom.flow.file_server.upload_names.is_final", is_down)
        assert commit(folders, folders.parts / "deel", folders.folder / "personen.csv").is_unnamed
    assert settle_names(folders.base) == 1


@pytest.mark.parametrize("killed_at", ["write_note", "_forget"])
def test_a_rename_that_is_killed_loses_nothing_and_doubles_nothing(
    server: FtpServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_at: str
) -> None:
    from instroom.flow.file_server.take_in import take_in_all

    class Killed(BaseException):
        pass

    def kill(*_: object) -> None:
        raise Killed

    connect()
    folders = AccountFolders(tmp_path / "elders", accounts.account("hr").pk.hex)
    folders.make()
    (folders.parts / "deel").write_bytes(CONTENT)
    commit(folders, folders.parts / "deel", folders.folder / "x.tmp")
    found = renamable(folders, folders.folder / "x.tmp")
    assert found is not None
    owner = unnamed_files if killed_at == "write_note" else unnamed_files.UnnamedFile
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(owner, killed_at, kill)
        rename(folders, found, folders.folder / "personen.csv")
    again = renamable(folders, folders.folder / "x.tmp")
    assert (again is not None) == (killed_at == "write_note")
    if again:
        rename(folders, again, folders.folder / "personen.csv")
    assert take_in_all(folders.base) == 1
    settle_names(folders.base)
    assert outcome() == [("personen.csv", "nacht", "hour")]
    assert not list((folders.base / "handover").iterdir())
