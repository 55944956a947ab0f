"""An account that is switched off, removed or given another password ends its open sessions (product.md F2)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doors.ftp.ftp_server import HOST, PASSWORD, FtpServer, add_account, put
from tests.waiting import until

from instroom.core.errors import InstroomError
from instroom.flow import find
from instroom.flow.file_server import accounts, removing
from instroom.flow.file_server.account_sign_in import sign_in
from instroom.flow.file_server.open_sessions import still_valid
from instroom.flow.file_server.upload_names import commit
from instroom.flow.moving import closing
from instroom.flow.operations.init import DEMO_USERS, add_customer
from instroom.store.files.uploads import AccountFolders
from instroom.store.models import FailedAttempt, FileAccount


def switch_off(account: FileAccount) -> None:
    accounts.change(account, by=find.user("operator"), active=False)


def give_another_password(account: FileAccount) -> None:
    accounts.change(account, by=find.user("operator"), password=accounts.new_password())


def remove(account: FileAccount) -> None:
    removing.remove(account, by=find.user("operator"))


def require_tls(account: FileAccount) -> None:
    accounts.change(account, by=find.user("operator"), plain_ftp=False)


def move_away(account: FileAccount) -> None:
    closing.close(account.customer, by=find.user("operator"))


ENDS = [switch_off, give_another_password, remove, require_tls]


@pytest.mark.parametrize("end", [switch_off, *(pytest.param(end, marks=pytest.mark.slow) for end in ENDS[1:])])
def test_a_session_that_waits_is_told_and_ended(server: FtpServer, end: Callable[[FileAccount], None]) -> None:
    client, other = server.sign_in("ftp", "oud"), server.sign_in("ftpes", "hr")
    end(accounts.account("oud"))
    assert client.getmultiline().startswith("421 The account was switched off or changed")
    with pytest.raises((EOFError, OSError)):
        client.voidcmd("NOOP")
    other.voidcmd("NOOP")


def test_an_upload_under_way_is_broken_off(server: FtpServer) -> None:
    client = server.sign_in("ftpes")
    data = server.begin_upload(client)
    data.sendall(b"een half bestand")
    switch_off(accounts.account("hr"))
    assert client.getmultiline()[:3] == "421"
    data.close()
    until(lambda: [one.cause for one in FailedAttempt.objects.all()] == ["session-ended"])
    assert server.delivered() == []


def test_a_new_name_or_another_switch_ends_nothing(server: FtpServer) -> None:
    client = server.sign_in("ftpes")
    signed_in = sign_in("hr", PASSWORD, HOST, tls=True)
    accounts.change(accounts.account("hr"), by=find.user("operator"), name="hr2", plain_ftp=True)
    assert still_valid([signed_in]) == {signed_in}
    put(client, b"gaat door")
    assert server.delivered() == ["personen.csv"]


@pytest.mark.on_postgresql
@pytest.mark.parametrize("end", [*ENDS, move_away])
def test_what_is_complete_a_moment_later_is_not_kept(tmp_path: Path, end: Callable[[FileAccount], None]) -> None:
    """Without waiting for the look at all sessions, which is once a second."""
    add_customer("demo", "Demo", DEMO_USERS)
    account = add_account("oud", plain_ftp=True)
    signed_in = sign_in("oud", PASSWORD, "192.0.2.1", tls=False)
    assert still_valid([signed_in]) == {signed_in}
    folders = AccountFolders(tmp_path, signed_in.id)
    folders.make()
    part = folders.parts / "part"
    part.write_bytes(b"x")
    end(account)
    assert still_valid([signed_in]) == set()
    with pytest.raises(InstroomError):
        commit(folders, part, folders.folder / "personen.csv", signed_in=signed_in)
    assert not list((tmp_path / "handover").glob("*"))
