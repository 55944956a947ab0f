"""An attempt that fails is seen by the operators of its account, with the cause (product.md F2)."""

import ftplib
import io
import os
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.doors.ftp.ftp_server import HOST, PASSWORD, FtpServer, add_account, drop, put, reset, vanish
from tests.waiting import until

from instroom.flow import find
from instroom.flow.file_server import accounts, failed_attempts, removing
from instroom.flow.operations.cleaning import clean
from instroom.store.models import Delivery, FailedAttempt, FileAccount, Mail, User

CONTENT = os.urandom(100_000)


def causes(name: str = "hr") -> list[tuple[str, str, int]]:
    found = FailedAttempt.objects.filter(account__name=name).order_by("pk")
    return [(one.cause, one.file_name, one.times) for one in found]


def without_close_notify(server: FtpServer) -> None:
    """As .NET's FtpWebRequest and Mono end their data."""
    client = server.sign_in("ftpes")
    data = server.begin_upload(client)
    data.sendall(CONTENT)
    vanish(data)
    with pytest.raises(ftplib.error_temp, match="426"):
        client.voidresp()


def broken_off(server: FtpServer) -> None:
    client = server.sign_in("ftp", "oud")
    data = server.begin_upload(client)
    data.sendall(CONTENT)
    until(lambda: any(server.received()))
    reset(data)
    with pytest.raises(ftplib.error_temp, match="426"):
        client.voidresp()


def killed(server: FtpServer) -> None:
    client = server.sign_in("ftpes")
    data = server.begin_upload(client)
    data.sendall(CONTENT)
    drop(client)
    vanish(data)


def too_large(server: FtpServer) -> None:
    with pytest.raises(ftplib.error_perm, match="552"):
        server.sign_in("ftpes").sendcmd(f"ALLO {1 << 40}")


def litter(server: FtpServer) -> None:
    with pytest.raises(ftplib.error_perm, match="553"):
        put(server.sign_in("ftpes"), b"x", "Thumbs.db")


def resumed(server: FtpServer) -> None:
    with pytest.raises(ftplib.error_perm, match="550"):
        server.sign_in("ftpes").storbinary("APPE personen.csv", io.BytesIO(b"rest"))


def data_in_the_clear(server: FtpServer) -> None:
    client = server.connect("ftpes")
    client.login("hr", PASSWORD)
    with pytest.raises(ftplib.error_perm, match="521"):
        client.sendcmd("PASV")


def wrong_password(server: FtpServer) -> None:
    with pytest.raises(ftplib.error_perm, match="530"):
        server.connect("ftpes").login("hr", "verkeerd woord")


def without_tls(server: FtpServer) -> None:
    with pytest.raises(ftplib.error_perm, match="550"):
        server.connect("ftp").sendcmd("USER hr")


@pytest.mark.parametrize(
    ("attempt", "cause", "file_name"),
    [
        (without_close_notify, "no-close-notify", "personen.csv"),
        (broken_off, "reset", "personen.csv"),
        (killed, "control-lost", "personen.csv"),
        (too_large, "too-large", ""),
        (litter, "name-refused", "Thumbs.db"),
        (resumed, "nothing-to-resume", "personen.csv"),
        (data_in_the_clear, "data-without-tls", ""),
        (wrong_password, "wrong-password", ""),
        (without_tls, "tls-required", ""),
    ],
)
def test_the_cause_is_noted(
    server: FtpServer, attempt: Callable[[FtpServer], None], cause: str, file_name: str
) -> None:  # fmt: skip
    attempt(server)
    account = "oud" if attempt is broken_off else "hr"
    until(lambda: causes(account) == [(cause, file_name, 1)])
    one = FailedAttempt.objects.get()
    assert one.address == HOST
    for lang in ("nl", "en"):
        said = failed_attempts.document(one, lang)
        assert said["message"]
        assert PASSWORD not in str(said)
        assert "verkeerd" not in str(said)


def test_the_third_in_a_row_is_told_the_operators_once(server: FtpServer) -> None:
    User.objects.filter(username="operator").update(email="operator@voorbeeld.example")
    for times in range(1, 5):
        without_close_notify(server)
        until(lambda times=times: causes() == [("no-close-notify", "personen.csv", times)])  # type: ignore[misc]
    (mail,) = Mail.objects.filter(kind="account-failing")
    assert "close_notify" in mail.text
    assert "/customers/demo/accounts/hr" in mail.text
    put(server.sign_in("ftpes"), CONTENT)
    until(lambda: FileAccount.objects.get(name="hr").failed_in_row == 0)
    for _ in range(3):
        without_close_notify(server)
    until(lambda: Mail.objects.filter(kind="account-failing").count() == 2)


def test_a_password_that_is_put_right_ends_the_row(server: FtpServer) -> None:
    for _ in range(2):
        wrong_password(server)
    server.sign_in("ftpes").quit()
    assert FileAccount.objects.get(name="hr").failed_in_row == 0
    assert causes() == [("wrong-password", "", 2)]


def test_guesses_from_elsewhere_are_not_told_as_the_accounts_own(server: FtpServer) -> None:
    FileAccount.objects.filter(name="hr").update(last_seen_at=timezone.now())
    for _ in range(3):
        wrong_password(server)
    assert causes() == [("wrong-password", "", 3)]
    assert not Mail.objects.filter(kind="account-failing").exists()


def test_a_ban_is_noted_and_an_unknown_name_counted(server: FtpServer) -> None:
    for _ in range(5):
        wrong_password(server)
    with pytest.raises(ftplib.error_temp, match="421"):
        server.sign_in("ftpes")
    assert causes() == [("wrong-password", "", 5), ("banned", "", 1)]
    add_account("ander")
    for name in ("niemand", PASSWORD):
        with pytest.raises(ftplib.error_perm, match="530"):
            server.connect("ftpes").login(name, "verkeerd woord")
    assert failed_attempts.unknown_names() == 2
    assert FailedAttempt.objects.count() == 2


@pytest.mark.on_postgresql
def test_only_the_last_ones_are_kept(server: FtpServer) -> None:
    account = accounts.account("hr")
    failed_attempts.remember(account.pk, "reset", file_name="personen.csv")
    for number in range(60):
        failed_attempts.remember(account.pk, "wrong-password", address=f"192.0.2.{number}", in_row=False)
    for number in range(40):
        failed_attempts.remember(account.pk, "aborted", file_name=f"{number}.csv")
    kept = causes()
    assert len(kept) == 50
    assert ("reset", "personen.csv", 1) not in kept
    assert kept[-1] == ("aborted", "39.csv", 1)
    FailedAttempt.objects.update(at=timezone.now() - timedelta(days=31))
    clean()
    assert causes() == []


def test_an_upload_of_a_session_whose_account_is_removed_is_not_acknowledged(server: FtpServer) -> None:
    client = server.sign_in("ftpes")
    removing.remove(accounts.account("hr"), by=find.user("operator"))
    with pytest.raises(ftplib.error_temp, match="451"):
        put(client, CONTENT, "personen.csv")
    server.settle()
    assert not Delivery.objects.exists()
