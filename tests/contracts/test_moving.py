"""A customer moves from one site to another: all of it, once, whatever is killed on the way (`flow.moving`).

The old site is on SQLite, with a folder of its own; the new one is the site of all tests, on either database.
"""

import json
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import FrameType
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.utils import load_backend
from django.test import override_settings
from pytest import MonkeyPatch

from instroom.config.database import sqlite
from instroom.config.file_store import S3Place
from instroom.config.secret import keep, new_key
from instroom.core.errors import CustomerMoving, NotAllowed
from instroom.flow import audit, find
from instroom.flow.connections import connections as connections_of
from instroom.flow.delivery import advance, decide, undo
from instroom.flow.delivery.content import read
from instroom.flow.delivery.part_names import part_name
from instroom.flow.file_server import accounts, take_in
from instroom.flow.file_server.account_sign_in import sign_in
from instroom.flow.moving import arriving, cancelling, closing, leaving
from instroom.flow.moving.bundle import CANCELLED, MANIFEST, RECEIPT, RELEASE, Bundle, BundledFile, bundle_in
from instroom.flow.operations.init import DEMO_USERS, add_customer
from instroom.flow.operations.site_files import match_files
from instroom.flow.people import api_tokens, codes
from instroom.flow.people.api_tokens import holder
from instroom.flow.privacy.erasing import erase
from instroom.flow.queries.audit_verification import verify_all
from instroom.flow.webhooks import manage
from instroom.store import data_keys
from instroom.store.files import customer_files, sealed_file, site_id, uploads
from instroom.store.files.folder_store import FolderStore
from instroom.store.files.site_store import site_store
from instroom.store.models import (
    ApiToken,
    AuditEntry,
    Connection,
    Customer,
    Delivery,
    Erasure,
    FileAccount,
    Role,
    User,
    Webhook,
)
from instroom.store.sealing import seal, unseal
from instroom.store.sql import customer_rows
from tests import database
from tests.contracts.customer import SampleCustomer, company, person, write_csv
from tests.contracts.test_search import computed, indexed
from tests.kept_files import kept
from tests.killing import forked, is_point
from tests.s3_server import KEYS, make_bucket, s3_server

NAMES = {name: f"{name}-oud" for name in DEMO_USERS}


class OldSite:
    """A site of its own, which stands in for ours while it is entered."""

    def __init__(self, home: Path, tables: Path, files: S3Place | None = None) -> None:
        self.home, self._tables, self._files = home, tables, files
        home.mkdir(mode=0o700)
        shutil.copyfile(tables, home / "instroom.sqlite3")
        keep(home, new_key())
        with self.entered():
            site_id.write(site_store(), "old")
            site_id.write(FolderStore(home / "ftp"), "old")

    @contextmanager
    def entered(self) -> Iterator[None]:
        ours = connections["default"]
        chosen = {**connections.settings["default"], **sqlite(self.home / "instroom.sqlite3"), "HOST": "", "PORT": ""}
        ours.close()
        connections["default"] = load_backend(chosen["ENGINE"]).DatabaseWrapper(chosen, "default")
        try:
            with MonkeyPatch.context() as patch, override_settings(INSTROOM_HOME=self.home, INSTROOM_FILES=self._files):
                patch.setenv("INSTROOM_HOME", str(self.home))
                yield
        finally:
            connections["default"].close()
            connections["default"] = ours


@pytest.fixture(scope="module")
def tables(migrated_database: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedded database without rows."""
    path = tmp_path_factory.mktemp("tables") / "instroom.sqlite3"
    if not database.server_url():
        database.empty()
        with connections["default"].cursor() as cursor:  # a copy of the file might lack what stands in its log
            cursor.execute("VACUUM INTO %s", [str(path)])
        return path
    path.touch()
    with OldSite(path.parent / "home", path).entered():
        call_command("migrate", verbosity=0, interactive=False)
        with connections["default"].cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path.with_name("made"))])
    return path.with_name("made")


class Move:
    """A customer with something of nearly everything on the old site, and a new site with users of the same names."""

    def __init__(self, tmp_path: Path, tables: Path, files: S3Place | None = None) -> None:
        self.old = OldSite(tmp_path / "old", tables, files)
        self.tmp_path, self.name = tmp_path, "first"
        with self.old.entered():
            self.customer = SampleCustomer()
            User.objects.filter(username="operator").update(is_superuser=True)
            User.objects.filter(username="supplier").update(email="supplier@voorbeeld.example")
            self._fill(tmp_path)
        add_customer("demo", "Demo", DEMO_USERS)
        User.objects.filter(username="operator").update(is_superuser=True)

    def _fill(self, tmp_path: Path) -> None:
        record, operator = self.customer.record, find.user("operator")
        self.first = self.customer.import_([person("1") | company("B-1", name="Een BV"), person("2", job="geen")])
        self.customer.import_([person("1", surname="Merelstein", group="Rol", category="Docent")])
        self.customer.undo(self.customer.import_([person("3", free="VrijveldA", value="1")]))
        self.customer.import_([person("9", surname="Vergeten")])
        erase(record, "9", None, "vraagt erom", by=operator)
        faulty = self.customer.deliver([person("1", surname="Boomstra", born="onzin"), person("2", job="lerares")])
        part = write_csv(tmp_path / part_name(faulty, ".csv"), [person("1", surname="Boomstra")])
        self.waiting = self.customer.deliver(part)
        self.received = self.customer.receive([person("5")])
        User.objects.filter(username="approver").update(totp_secret=seal("GEHEIM", codes.PURPOSE))
        self.webhook, self.secret = manage.add("crm", record, by=operator, address="https://crm.voorbeeld.example/")
        self.supplier = find.user("supplier")
        self.token = api_tokens.add(record, "HR", ["deliver", "read"], by=self.supplier).secret
        account = accounts.add("hr", record, "een-lang-wachtwoord-7", by=operator)
        self.folders = uploads.AccountFolders(self.old.home / "ftp", account.pk.hex)
        self.folders.make()
        connections_of.add("nacht", record, by=operator, account="hr", file_name="later.csv", schedule="daily 01:00")
        Connection.objects.update(mails={"people": ["approver"]})
        csv, key = write_csv(tmp_path / "personen.csv", [person("7")]), data_keys.current(record.pk)
        with csv.open("rb") as source:
            sealed_file.at(self.folders.folder / "antwoord.csv").seal(source, key)

        def copy_to(target: Path) -> None:
            with csv.open("rb") as content:
                sealed_file.at(target).seal(content, key)

        self.handed_over = uploads.hand_over(self.folders.base, copy_to, take_in.facts_of(account.pk.hex, "later.csv"))

    def bundle(self) -> Bundle:
        return bundle_in(self.tmp_path / self.name, self.tmp_path / "key", make_key=True)

    def out(self) -> None:
        with self.old.entered():
            leaving.write_bundle(find.customer(self.customer.name), self.bundle(), by=find.user("operator"))

    def take_in(self) -> Customer:
        return arriving.take_in(self.bundle(), NAMES, by=find.user("operator"))

    def finish(self) -> None:
        with self.old.entered():
            leaving.finish(self.customer.name, self.bundle(), by=find.user("operator"))

    def open(self) -> Customer:
        return arriving.open_customer(self.bundle(), by=find.user("operator"))

    def all_rows(self) -> dict[str, Any]:
        """What is the same on both sites."""
        return {
            model.__name__: customer_rows.digest_of(model, self.customer.record.pk, leaving.SITE_SEALED)
            for model in customer_rows.tables()
            if model.__name__ not in ("Customer", "Role", "Mail", "AuditEntry", "Connection")
        }

    def files(self) -> dict[str, bytes]:
        accounts = [pk.hex for pk in FileAccount.ever.values_list("pk", flat=True)]
        found = {}
        for name, file in customer_files.kept_files(self.customer.name, accounts):
            with file.store.open(file.key) as content:
                found[name] = content.read()
        return found


@pytest.fixture
def move(tmp_path: Path, tables: Path) -> Move:
    return Move(tmp_path, tables)


def nothing_is_left(move: Move) -> bool:
    counts = {model: customer_rows.rows_of(model, move.customer.record.pk).count() for model in customer_rows.tables()}
    return not any(counts.values()) and not move.files()


@pytest.mark.unstored
def test_every_table_says_whether_it_belongs_to_a_customer() -> None:
    models = {model.__name__ for model in apps.get_app_config("store").get_models()}
    assert models == {*customer_rows.BELONGS, *customer_rows.OF_THE_SITE}


def test_all_of_a_customer_moves_and_goes_on(move: Move) -> None:
    with move.old.entered():
        rows, files, live = move.all_rows(), move.files(), move.customer.snapshot()
        lines = AuditEntry.objects.filter(customer=move.customer.record).count()
    move.out()
    with move.old.entered():
        with pytest.raises(CustomerMoving):
            SampleCustomer.of(find.customer(move.customer.name)).receive([person("8")])
        with pytest.raises(CustomerMoving):
            sign_in("hr", "een-lang-wachtwoord-7", "192.0.2.1", tls=True)
        assert advance.advance_all() == 0
        assert take_in.take_in_all(move.folders.base) == 0
        with pytest.raises(CustomerMoving):  # by whichever way it comes: the end of its audit log is closed
            audit.note(find.customer(move.customer.name), "failed")
    with pytest.raises(NotAllowed, match="approver, operator, reader and supplier"):
        arriving.take_in(move.bundle(), {}, by=find.user("operator"))
    arrived = move.take_in()
    assert (move.all_rows(), move.files()) == (rows, files)
    assert advance.advance_all() == 0
    assert Connection.objects.get(customer=arrived).mails["people"] == ["approver-oud"]
    with pytest.raises(NotAllowed, match="has not released"):
        move.open()
    move.finish()
    with move.old.entered():
        assert nothing_is_left(move)
        assert {one.fault for one in verify_all()} == {None}
    assert move.open() == arrived

    here = SampleCustomer.of(Customer.objects.get(pk=arrived.pk))
    assert here.snapshot() == live
    assert indexed() == computed()
    assert {one.fault for one in verify_all()} == {None}
    assert AuditEntry.objects.filter(customer=here.record).count() == lines + 1
    assert unseal(Webhook.objects.get(pk=move.webhook.pk).secret, "webhook") == move.secret
    assert unseal(User.objects.get(username="approver-oud").totp_secret, codes.PURPOSE) == "GEHEIM"
    assert holder(move.token)
    assert not User.objects.get(username="operator-oud").is_active
    assert set(
        Role.objects.filter(customer=here.record, name=Role.OPERATOR).values_list("user__username", flat=True)
    ) == {"operator"}
    waiting, approver = Delivery.objects.get(pk=move.waiting.pk), find.user("approver-oud")
    assert kept(waiting)
    assert read(waiting).checked.record_count == 2, "the part with what it was put in"
    decide.approve(waiting, by=approver, at="now")
    assert here.carry_on(waiting).state == "imported"
    assert here.carry_on(undo.undo(Delivery.objects.get(pk=move.first.pk), by=approver)).state == "awaiting-approval"
    assert Delivery.objects.get(pk=move.received.pk).state == "awaiting-approval"
    assert take_in.take_in_all(database.home() / "ftp") == 1
    assert Delivery.objects.get(pk=move.handed_over.id).waits_for == "hour"
    assert Erasure.objects.filter(customer=here.record).count() == 1
    again = here.deliver([person("9", surname="Vergeten")], by=find.user("supplier-oud"))
    assert again.plans.get(environment__name="live").totals["erased"] == 1


def test_either_site_can_cancel_until_the_old_one_has_let_go(move: Move) -> None:
    operator = find.user("operator")
    with move.old.entered():  # nothing was written yet
        old = find.customer(move.customer.name)
        closing.close(old, by=find.user("operator"))
        cancelling.cancel(old.name, move.bundle(), by=find.user("operator"))
    move.out()
    arrived = move.take_in()
    with pytest.raises(NotAllowed, match="has not cancelled"):
        cancelling.cancel(arrived.name, move.bundle(), by=operator)
    with move.old.entered():
        old = find.customer(move.customer.name)
        for _ in range(2):
            cancelling.cancel(old.name, move.bundle(), by=find.user("operator"))
        move.customer.carry_on(move.received)
        assert move.received.state == "awaiting-approval"
        with pytest.raises(NotAllowed, match="no move that is under way"):
            leaving.finish(old.name, move.bundle(), by=find.user("operator"))
    with pytest.raises(NotAllowed, match="has not released"):
        move.open()
    cancelling.cancel(arrived.name, move.bundle(), by=operator)
    one = move.bundle().manifest().files[0]
    with move.bundle().verified(one) as content:
        customer_files.place(one.name, content)  # as where it was killed before its files were gone
    cancelling.cancel(arrived.name, move.bundle(), by=operator)
    assert nothing_is_left(move)
    with pytest.raises(NotAllowed, match="has cancelled this move"):
        move.take_in()
    move.name = "second"
    for step in (move.out, move.take_in, move.finish, move.open):
        step()
    move.customer.record.refresh_from_db()
    assert Delivery.objects.get(pk=move.received.pk).state == "awaiting-approval"


def test_no_bundle_is_taken_for_another_and_none_in_part(move: Move) -> None:
    """A receipt is no release; a part that was changed or is another's is none; and what came in since is not lost."""
    move.out()
    folder, finished = move.bundle().folder, "no receipt"
    with pytest.raises(NotAllowed, match=finished):
        move.finish()
    rows, plans = folder / "rows" / "StoredChange", folder / "rows" / "Plan"
    whole = rows.read_bytes()
    for broken in (whole[:-1], whole[:-40] + b"0" + whole[-39:], plans.read_bytes(), None):
        rows.write_bytes(broken) if broken else rows.unlink()
        with pytest.raises(NotAllowed, match="rows/StoredChange"):
            move.take_in()
        assert not Customer.objects.filter(name=move.customer.name).exists()
    rows.write_bytes(whole)
    (move.tmp_path / "other-key").write_text("x" * 40)
    with pytest.raises(NotAllowed, match="another key"):
        bundle_in(folder, move.tmp_path / "other-key").manifest()
    manifest = move.bundle().manifest()
    for stranger in ("files/demo/x", f"files/{manifest.name}/../demo/x", "accounts/0/x", "handover/../../x"):
        strange = manifest._replace(files=[manifest.files[0]._replace(name=stranger)])
        move.bundle().write(MANIFEST, [json.dumps(strange._asdict()).encode()])
        with pytest.raises(NotAllowed, match="part manifest"):
            move.take_in()
    note = next(one for one in manifest.files if one.name.startswith("handover/") and one.name.endswith(".json"))
    note_content = move.bundle().opened(note.part).read()
    for name, account in (("handover/x.json", "0"), (f"handover/x.{'0' * 32}.left", move.folders.account)):
        size, digest = move.bundle().write(note.part, [json.dumps({"account": account}).encode()])
        strange = manifest._replace(files=[BundledFile(name, note.part, size, digest)])
        move.bundle().write(MANIFEST, [json.dumps(strange._asdict()).encode()])
        with pytest.raises(NotAllowed, match=f"part {note.part}"):
            move.take_in()
    move.bundle().write(note.part, [note_content])
    move.bundle().write(MANIFEST, [json.dumps(manifest._asdict()).encode()])
    theirs = accounts.add("theirs", find.customer("demo"), "een-lang-wachtwoord-7", by=find.user("operator"))
    FileAccount.objects.filter(pk=theirs.pk).update(id=UUID(move.folders.account))
    with pytest.raises(NotAllowed, match="part rows/FileAccount"):
        move.take_in()
    FileAccount.objects.all().delete()
    User.objects.create(id=move.supplier.pk, username="runs-the-site", is_superuser=True)
    move.take_in()
    assert ApiToken.objects.get(user=move.supplier.pk).ended_at
    for told in (RELEASE, CANCELLED):
        shutil.copyfile(folder / RECEIPT, folder / told)
        with pytest.raises(NotAllowed, match=f"part {told}"):
            move.bundle().told(told)
        (folder / told).write_text(f'{{"kind": "{told}"}}')
        with pytest.raises(NotAllowed, match=f"part {told}"):
            move.bundle().told(told)
        (folder / told).unlink()
    late = move.folders.folder / "late.csv"
    late.write_bytes(b"x")
    with pytest.raises(NotAllowed, match="not in the bundle"):
        move.finish()
    late.unlink()
    move.finish()
    move.open()
    with pytest.raises(NotAllowed, match="already"):
        move.take_in()


@pytest.mark.slow
@pytest.mark.on_sqlite_alone
@pytest.mark.parametrize("was_in_s3", [True, False])
def test_a_customer_moves_out_of_s3_and_into_it(tmp_path: Path, tables: Path, *, was_in_s3: bool) -> None:
    with s3_server() as endpoint, override_settings(INSTROOM_S3_KEYS=KEYS):
        place = make_bucket(endpoint)
        move = Move(tmp_path, tables, place if was_in_s3 else None)
        with move.old.entered():
            files, live = move.files(), move.customer.snapshot()
        with nullcontext() if was_in_s3 else override_settings(INSTROOM_FILES=place):
            if not was_in_s3:
                match_files(adopt=True)
            for step in (move.out, move.take_in, move.finish, move.open):
                step()
                step()  # also where it is repeated
            assert (move.files(), SampleCustomer.of(Customer.objects.get(name=move.customer.name)).snapshot()) == (
                files, live,
            )  # fmt: skip
            assert kept(Delivery.objects.get(pk=move.waiting.pk))
        with move.old.entered():
            assert nothing_is_left(move)


@pytest.mark.parametrize(
    "growth", [pytest.param(32, marks=pytest.mark.on_sqlite_alone), pytest.param(2, marks=pytest.mark.slow)]
)
def test_killed_again_and_again_nothing_is_lost_or_twice(move: Move, growth: int) -> None:
    with move.old.entered():
        rows, files = move.all_rows(), move.files()
    kills = 0
    for step in (move.out, move.take_in, move.finish, move.open):
        point = 20
        while was_killed(step, point):
            kills, point = kills + 1, point * growth
            at_least_one_site_has_it(move, rows)
        step()  # what was done is not done twice
        at_least_one_site_has_it(move, rows)
    assert kills > 4
    assert move.files() == files
    assert {one.fault for one in verify_all()} == {None}
    with move.old.entered():
        assert nothing_is_left(move)


def was_killed(step: Callable[[], object], point: int) -> bool:
    """Whether the step was under way for so many points, at the last of which its process is killed."""
    passed = 0

    def watch(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal passed
        passed += is_point(frame, event, argument)
        if passed == point:
            os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(60)

    status = forked(step, watch)
    assert status in (0, signal.SIGKILL)
    return status != 0


def at_least_one_site_has_it(move: Move, rows: dict[str, Any]) -> None:
    """All of it, and at most one of them is open."""
    found = []
    for place in (move.old.entered(), nullcontext()):
        with place:
            if customer := Customer.objects.filter(pk=move.customer.record.pk).first():
                assert move.all_rows() == rows
                found.append(customer.move is None)
    assert found
    assert found.count(True) <= 1
