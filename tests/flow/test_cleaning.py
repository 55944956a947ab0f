"""What nobody needs any more goes, and nothing else."""

import io
import math
import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from tests.elapsed import elapse
from tests.kept_files import content_of, files_with, path_of

from instroom.config.file_server import folder
from instroom.flow import throttle
from instroom.flow.delivery.receive import receive
from instroom.flow.file_server import accounts
from instroom.flow.operations.cleaning import clean
from instroom.flow.operations.init import DEMO_USERS, add_customer
from instroom.store import data_keys, leases
from instroom.store.files import delivered_files, orphans, sealed_file, uploads
from instroom.store.files.sealed_stream import MAGIC
from instroom.store.models import Customer, FileAccount, Invitation, Mail, RepeatKey, User, WebSession
from instroom.store.sessions import SessionStore, key_hash

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise

NOW = timezone.now()
SENT, GIVEN_UP, WAITING = {"sent_at": NOW}, {"given_up_at": NOW}, dict[str, Any]()


@pytest.fixture(autouse=True)
def _customer() -> None:
    for others in path_of("").glob("*/"):  # of tests before
        shutil.rmtree(others)
    add_customer("ons", "Ons", DEMO_USERS)


def mail(days: int, **values: Any) -> Mail:
    """A mail that was made so many days ago."""
    at = NOW - timedelta(days=days)
    return Mail.objects.create(
        kind="received", to="a@voorbeeld.example", language="nl", made_at=at, due_at=at, **values
    )


def invitation(number: int, **values: Any) -> Invitation:
    """An invitation that has not ended, unless the values say so."""
    made = {"email": "a@voorbeeld.example", "roles": ["reader"], "word_hash": str(number), "made_at": NOW}
    until = {"expires_at": NOW + timedelta(days=7)}
    return Invitation.objects.create(customer=Customer.objects.get(), **{**made, **until, **values})


@pytest.mark.parametrize("days", [90, 7])
def test_mails_that_are_done_go_after_their_days(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    monkeypatch.setattr(settings, "INSTROOM_SMTP", "smtp://localhost")
    monkeypatch.setattr(settings, "INSTROOM_MAIL_DAYS", days)
    kept = {mail(days - 1, **SENT).pk, mail(days + 1, **WAITING).pk}
    mail(days + 1, **SENT)
    mail(days + 1, **GIVEN_UP)
    assert clean() == {"mails": 2}
    assert set(Mail.objects.values_list("pk", flat=True)) == kept
    assert clean() == {}


def test_without_a_mail_server_none_waits_for_one() -> None:
    kept = mail(29)
    mail(31)
    assert clean() == {"mails": 1}
    assert Mail.objects.get() == kept


def test_invitations_go_a_month_after_their_end() -> None:
    for number, end in enumerate((NOW - timedelta(days=31), NOW - timedelta(days=29))):
        invitation(number, ended_at=end)
        invitation(number + 10, expires_at=end)
    invitation(20)
    assert clean() == {"invitations": 2}
    assert set(Invitation.objects.values_list("word_hash", flat=True)) == {"1", "11", "20"}


@pytest.mark.on_postgresql
def test_keys_and_sessions_that_hold_no_longer_go() -> None:
    for days in (6, 8):
        RepeatKey.objects.create(
            customer=Customer.objects.get(),
            user=User.objects.get(username="supplier"),
            key=str(days),
            sha256="0" * 64,
            made_at=NOW - timedelta(days=days),
        )
    for _ in range(2):
        session = SessionStore()
        session.save()
    WebSession.objects.filter(pk=key_hash(str(session.session_key))).update(expire_date=NOW - timedelta(seconds=1))
    assert clean() == {"keys": 1, "sessions": 1}
    assert (RepeatKey.objects.get().key, WebSession.objects.count()) == ("6", 1)


def test_addresses_that_no_longer_count_go() -> None:
    account = FileAccount.objects.create(customer=Customer.objects.get(), name="hr", made_at=NOW)
    for days in (29, 31):
        account.addresses.create(address=f"192.0.2.{days}", last_at=NOW - timedelta(days=days))
    assert clean() == {"known addresses": 1}
    assert account.addresses.get().address == "192.0.2.29"


@pytest.mark.on_postgresql
def test_counters_of_attempts_go_when_they_say_nothing_any_more() -> None:
    throttle.count(throttle.API_TOKENS, address="192.0.2.7")
    throttle.count(throttle.FILE_SERVER, address="192.0.2.7", name="hr")
    elapse(minutes=16)
    assert clean() == {"counters": 1}
    elapse(days=1)
    assert clean() == {"counters": 3}


def test_what_a_killed_process_left_of_a_file_before_it_was_a_delivery_goes(tmp_path: Path) -> None:
    (tmp_path / "personen.csv").write_text("x", encoding="utf-8")
    kept = receive(tmp_path / "personen.csv", Customer.objects.get(), by=User.objects.get(username="supplier"))
    file = path_of(kept.file_key)
    names = (f"{file.name}.report.nl.csv", "0123.part", f"{file.name}.report.draft", "0123", "4567")
    beside = [file.with_name(name) for name in names]
    for one in beside:
        one.touch()
    for one in (file, *beside[:-1]):
        os.utime(one, (0, 0))
    assert clean() == {"files deleted": 2, "files put aside": 1, "files encrypted anew": 3}
    aside = file.parent / "aside"
    assert set(file.parent.iterdir()) == {file, beside[0], beside[-1], aside}
    assert [one.name for one in aside.iterdir()] == ["0123"]
    shutil.rmtree(file.parent)


def test_what_an_older_version_kept_in_the_clear_is_encrypted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Also what has an older key. What was damaged stays as it is, and keeps up nothing."""
    name, customer = b"Vermeulen-Oost", Customer.objects.get()
    files, base = path_of(customer.name), folder()
    account = accounts.add("hr", customer, "x7-maan-vier-stoel-kast", by=User.objects.get(username="operator"))
    folders = uploads.AccountFolders(base, account.pk.hex)
    folders.make()
    (files / "aside").mkdir(parents=True)
    plain = [files / "01", files / "01.report.nl.csv", files / "aside" / "02", folders.folder / "a.rapport.json"]
    for one in plain:
        one.write_bytes(name)
    waiting = uploads.hand_over(base, lambda own: own.write_bytes(name) and None, {"account": account.pk.hex})
    sealed_file.at(files / "03").seal(io.BytesIO(name), data_keys.current(customer.pk))
    (files / "03").write_bytes((files / "03").read_bytes()[:-1])
    (files / "04").write_bytes(MAGIC + bytes(100))
    try:
        for expected in (5, 0):
            assert clean().get("files encrypted anew", 0) == expected
            assert files_with(files, name) == files_with(base, name) == []
        data_keys.replace(customer.pk)
        assert clean() == {"files encrypted anew": 5}
        assert [content_of(one) for one in (*plain, waiting.file)] == [name] * 5
        assert "03 cannot be encrypted anew" in caplog.text
        assert "04 cannot" not in caplog.text, "it is of another database"
    finally:
        shutil.rmtree(files)
        waiting.done()


def test_files_of_no_delivery_are_put_aside_and_come_back() -> None:
    """A database that is restored from a backup knows none of the files since; one that is set right knows them again.
    A file that is taken in again meanwhile stays."""
    files = path_of("cleaned")
    files.mkdir(parents=True)
    for name, at in (("again", 20), ("before", 10), ("since", 20), ("known", 15), ("since.report.nl.csv", 21)):
        (files / name).write_text("x", encoding="utf-8")
        os.utime(files / name, (at, at))

    def sweep(*known: str, kept: float = 60) -> dict[str, int]:
        os.utime(files / "again", (20, 20))

        def find(keys: list[str]) -> set[str]:
            delivered_files.keep(io.BytesIO(b"x"), "cleaned/again", Customer.objects.get().pk)
            return {f"cleaned/{one}" for one in known} & {*keys}

        return +orphans.sweep(60, lambda _: kept, find, lambda _: math.inf)

    def there(folder: Path) -> list[str]:
        return sorted(one.name for one in folder.iterdir() if one.is_file())

    since = ["since", "since.report.nl.csv"]
    assert sweep() == {}  # another database
    assert sweep("known") == {"put aside": 2}
    assert (there(files), there(files / "aside")) == (["again", "before", "known"], since)
    assert sweep("known", "since") == {"put back": 2}
    assert (there(files), there(files / "aside")) == (["again", "before", "known", *since], [])
    assert sweep("known") == {"put aside": 2}
    assert sweep("known", kept=-1) == {"deleted": 2}
    assert there(files) == ["again", "before", "known"]


@pytest.mark.on_postgresql
def test_one_process_at_a_time_cleans() -> None:
    mail(90)
    with leases.held(leases.CLEANING):
        assert clean() == {}
    assert clean() == {"mails": 1}


def test_more_than_are_deleted_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("instroom.flow.operations.cleaning._AT_ONCE", 2)
    for _ in range(5):
        mail(91, **SENT)
    assert clean() == {"mails": 5}
