"""What the doctor finds of a site with its database: each case breaks one thing, and expects one code."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from tests.contracts.customer import SampleCustomer, person, write_csv
from tests.kept_files import path_of
from tests.mail_sink import MailSink
from tests.other_versions import newer_tables, older_tables
from tests.signs_of_life import give_sign_of_life

from instroom.flow.delivery.content import whole_file_key
from instroom.flow.delivery.part_names import part_name
from instroom.flow.operations.cleaning import clean
from instroom.flow.operations.doctor import database_server, kept
from instroom.flow.operations.doctor.diagnosis import CODES, Asked
from instroom.flow.operations.doctor.examination import examine
from instroom.store.application_role import grant_to
from instroom.store.files import site_id
from instroom.store.files.site_store import site_store
from instroom.store.ids import new_id
from instroom.store.models import AuditEntry, Delivery, FileAccount, Heartbeat, Lease, Mail, Webhook, WebhookCall

NOW = timezone.now()
AGO = NOW - timedelta(hours=2)


class Broken(NamedTuple):
    """What a case may break."""

    stack: ExitStack
    patch: pytest.MonkeyPatch
    folder: Path
    sink: MailSink

    def enter(self, context: AbstractContextManager[object]) -> None:
        self.stack.enter_context(context)

    def set(self, **settings: object) -> None:
        self.enter(override_settings(**settings))


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sink: MailSink) -> Iterator[Broken]:
    monkeypatch.delenv("INSTROOM_URL", raising=False)
    with ExitStack() as stack:
        yield Broken(stack, monkeypatch, tmp_path, sink)


def codes(subject: str, asked: Asked | None = None) -> list[str]:
    return [one.code for one in examine(asked or Asked("en"), [subject])]


def files_of_another_site(broken: Broken) -> None:
    broken.set(INSTROOM_FILES=broken.folder)
    site_id.write(site_store(mark=""), str(new_id()))


def files_that_cannot_be_written(broken: Broken) -> None:
    (folder := path_of("trial")).mkdir()
    broken.stack.callback(folder.rmdir)


def open_folder(broken: Broken) -> None:
    broken.folder.chmod(0o755)
    broken.set(INSTROOM_FILES=broken.folder)


def uploads_elsewhere(broken: Broken) -> None:
    FileAccount.objects.create(customer=SampleCustomer().record, name="hr", made_at=NOW)
    broken.patch.setenv("INSTROOM_FTP_FOLDER", str(broken.folder / "no"))


def other_key(broken: Broken) -> None:
    SampleCustomer().receive([person("1")])
    broken.patch.setenv("INSTROOM_SECRET_KEY", "Zy9" * 20)


def clock_behind(broken: Broken) -> None:
    at = timezone.now() + timedelta(hours=1)
    customer = SampleCustomer().record
    AuditEntry.objects.create(id=new_id(), customer=customer, at=at, action="failed", number=9, hash="x")


def clock_ahead_of_files(broken: Broken) -> None:
    now = time.time
    broken.patch.setattr(time, "time", lambda: now() + 60)


def killed_worker(broken: Broken) -> None:
    """It has cleaned today, and was killed an hour ago."""
    clean()
    Heartbeat.objects.update(beat_at=NOW - timedelta(hours=1))


def hanging_worker(broken: Broken) -> None:
    Lease.objects.create(subject=new_id(), holder="instroom elsewhere:1:1:1", until=AGO)


def delivery(**values: object) -> None:
    received = SampleCustomer().receive([person("1")])
    Delivery.objects.filter(pk=received.pk).update(**values)


def mail(**values: object) -> None:
    texts = {"kind": "failed", "to": "niemand@voorbeeld.example", "language": "nl", "subject": "x", "text": "x"}
    moments = {"made_at": AGO, "due_at": AGO}
    Mail.objects.create(customer=SampleCustomer().record, html="x", **texts, **moments | values)


def late_call(broken: Broken) -> None:
    webhook = Webhook.objects.create(
        customer=SampleCustomer().record, name="x", address="https://voorbeeld.example", events=[], made_at=AGO
    )
    WebhookCall.objects.create(webhook=webhook, event="x", body="{}", made_at=AGO, asked_at=AGO, due_at=AGO)


def late_backup(broken: Broken) -> None:
    AuditEntry.objects.create(at=NOW - timedelta(days=9), action="backup-made", number=1, hash="")


def lost_file(broken: Broken) -> None:
    kept_one, lost = (SampleCustomer().receive([person("1")]) for _ in range(2))
    assert path_of(kept_one.file_key).exists()
    path_of(lost.file_key).unlink()


def no_mail_server(broken: Broken) -> None:
    broken.sink.server_close()
    broken.set(EMAIL_PORT=broken.sink.port)


def mail_server_of_others(broken: Broken) -> None:
    broken.set(EMAIL_HOST="192.0.2.1")
    broken.patch.setattr("instroom.flow.operations.doctor.mail._PATIENCE", 0.01)


def wrong_password(broken: Broken) -> None:
    broken.set(**dict.fromkeys(("EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD"), "x"))
    broken.sink.refuse |= {"EHLO": "250-sink\r\n250 AUTH PLAIN", "AUTH": "535 no"}


BREAKAGES: dict[str, tuple[str, Callable[[Broken], object]]] = {
    "tables-old": ("database", lambda broken: broken.enter(older_tables())),
    "tables-new": ("database", lambda broken: broken.enter(newer_tables())),
    "clock-behind": ("clock", clock_behind),
    "files-away": ("files", lambda broken: broken.set(INSTROOM_FILES=broken.folder / "no")),
    "files-not-ours": ("files", files_of_another_site),
    "files-not-writable": ("files", files_that_cannot_be_written),
    "files-clock": ("files", clock_ahead_of_files),
    "files-open": ("files", open_folder),
    "uploads-away": ("files", uploads_elsewhere),
    "key-wrong": ("files", other_key),
    "mail-off": ("mail", lambda broken: broken.set(INSTROOM_SMTP="")),
    "mail-unreachable": ("mail", no_mail_server),
    "mail-in-clear": ("mail", mail_server_of_others),
    "mail-sign-in": ("mail", wrong_password),
    "mail-tls": ("mail", lambda broken: broken.set(EMAIL_USE_TLS=True)),
    "worker-missing": ("work", killed_worker),
    "worker-hangs": ("work", hanging_worker),
    "deliveries-late": ("work", lambda broken: delivery(changed_at=AGO)),
    "deliveries-late, at their hour": ("work", lambda broken: delivery(state="scheduled", due_at=AGO)),
    "deliveries-tried": ("work", lambda broken: delivery(try_again_at=NOW + timedelta(minutes=1))),
    "deliveries-failed": ("work", lambda broken: delivery(state="failed")),
    "mails-late": ("work", lambda broken: mail()),
    "mails-given-up": ("work", lambda broken: mail(given_up_at=NOW)),
    "calls-late": ("work", late_call),
    "backup-late": ("work", late_backup),
    "kept-lost": ("kept", lost_file),
    "unexamined-files": ("kept", lambda broken: (lost_file(broken), broken.set(INSTROOM_FILES=broken.folder / "no"))),
}
"""By the code that is expected."""


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_each_breakage_is_found(broken: Broken, breakage: str) -> None:
    give_sign_of_life()
    subject, break_ = BREAKAGES[breakage]
    break_(broken)
    found = [one for one in codes(subject) if one.partition("-")[2]]
    assert breakage.partition(",")[0] in found


def test_a_sound_site_is_found_so(broken: Broken) -> None:
    SampleCustomer().import_([person("1")])
    give_sign_of_life()
    subjects = ["clock", "files", "mail", "work", "kept"]
    assert [one.code for one in examine(Asked(), subjects)] == subjects


def test_a_test_mail_goes_out_where_it_is_asked_for(broken: Broken) -> None:
    asked = Asked("nl", mail_to="beheer@voorbeeld.example")
    assert codes("mail", asked) == ["mail", "mail-sent"]
    (sent,) = broken.sink.messages
    assert (sent["To"], sent["Subject"]) == ("beheer@voorbeeld.example", "Testmail van Instroom")
    broken.sink.refuse["RCPT"] = "550 no"
    assert codes("mail", asked) == ["mail", "mail-refused"]


def test_of_many_files_the_newest_are_looked_for(broken: Broken) -> None:
    lost_file(broken)
    SampleCustomer().receive([person("1")])
    broken.patch.setattr(kept, "_NEWEST", 1)
    assert codes("kept") == ["kept"]
    assert codes("kept", Asked(thorough=True)) == ["kept-lost"]


def test_the_whole_of_a_merged_version_is_looked_for_too(broken: Broken, tmp_path: Path) -> None:
    customer = SampleCustomer()
    faulty = customer.deliver([person("1"), person("2", born="onzin")])
    merged = customer.deliver(write_csv(tmp_path / part_name(faulty, ".csv"), [person("2")]))
    assert codes("kept") == ["kept"]
    path_of(whole_file_key(merged)).unlink()
    assert codes("kept") == ["kept-lost"]


def test_what_is_not_ready_in_time_says_how_far_it_is(broken: Broken) -> None:
    SampleCustomer().receive([person("1")])
    assert [one.code for one in kept.look(Asked(until=time.monotonic() - 1))] == ["kept-unfinished"]


@pytest.mark.on_sqlite_alone
def test_a_database_that_is_gone_is_not_made_by_looking(broken: Broken) -> None:
    path = Path(connection.settings_dict["NAME"])
    connection.close()
    away = path.rename(path.with_suffix(".away"))
    try:
        assert codes("database") == ["database-missing"]
        for subject in ("clock", "files", "work", "kept"):
            assert codes(subject) == ["unexamined-database"]
        assert not path.exists()
    finally:
        away.rename(path)


@contextmanager
def as_role(name: str, *statements: str) -> Iterator[None]:
    quoted = connection.ops.quote_name(name)
    owner = connection.ops.quote_name(connection.settings_dict["USER"])
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {quoted}")
        grant_to(name)
        for statement in statements:
            cursor.execute(statement.format(role=quoted, owner=owner))
        cursor.execute(f"SET ROLE {quoted}")
        yield
        cursor.execute(f"RESET ROLE; DROP OWNED BY {quoted}; DROP ROLE {quoted}")


def test_the_role_on_a_server_is_looked_at(database_kind: str, broken: Broken) -> None:
    if database_kind == "sqlite":
        assert codes("database") == ["database-sound", "tables"]
        return
    assert {"server", "tables"} <= set(codes("database"))
    name = f"doctor {os.getpid()}"
    for statement, expected in (
        ("SELECT 1", "role-application"),
        ("REVOKE INSERT ON store_delivery FROM {role}", "role-lacks-rights"),
        ("ALTER ROLE {role} SUPERUSER", "role-superuser"),
        ("GRANT {owner} TO {role}", "role-owner"),
    ):
        with as_role(name, statement):
            assert expected in [one.code for one in database_server.look()]


def test_a_clock_beside_that_of_a_server_is_looked_at(database_kind: str, broken: Broken) -> None:
    now = timezone.now
    broken.patch.setattr(timezone, "now", lambda: now() + timedelta(seconds=60))
    assert codes("clock") == (["clock-differs"] if database_kind == "postgresql" else ["clock"])


@pytest.mark.unstored
def test_each_code_that_is_wrong_has_its_breakage() -> None:
    from tests.flow import test_doctor_of_a_machine as machine

    tried = {one.partition(",")[0] for one in (*BREAKAGES, *machine.BREAKAGES, *machine.DATABASES, *machine.SERVERS)}
    tried |= {
        "role-superuser",
        "role-lacks-rights",
        "mail-refused",
        "clock-differs",
        "home-holds-others",
    }  # above, and there
    tried |= {
        "database-unreachable",
        "tables-missing",
        "settings-broken",
    }  # in processes: tests/doors/cli/test_doctor.py
    wrong = {
        code for levels in CODES.values() for level, all in levels.items() if level != "ok" for code in all.split()
    }
    assert wrong - tried == set()
