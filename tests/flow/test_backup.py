"""A site is backed up while it works, and restored elsewhere: all of it, or nothing that looks whole."""

import itertools
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import pytest
from tests.contracts.customer import SampleCustomer, company, person, write_csv
from tests.contracts.test_search import computed, indexed
from tests.database import home
from tests.kept_files import kept
from tests.killing import count_points, kill_at, points
from tests.other_site import OtherSite, empty_site

from instroom.config.home import UNFINISHED_RESTORE
from instroom.config.secret import new_key
from instroom.core.errors import InstroomError, NotAllowed, NotFound, SettingsError
from instroom.flow import find
from instroom.flow.backup import making, restoring
from instroom.flow.backup.manifest import MANIFEST, path_of, read_manifest, sha256_of, write_manifest
from instroom.flow.delivery.content import read
from instroom.flow.delivery.part_names import part_name
from instroom.flow.file_server import accounts, take_in
from instroom.flow.operations.site_files import match_files
from instroom.flow.privacy.erasing import erase
from instroom.flow.queries.audit_verification import verify_all
from instroom.store import data_keys
from instroom.store.files import sealed_file, uploads
from instroom.store.files.partial_upload import PartialUpload
from instroom.store.models import AuditEntry, Delivery, Lease

LIVE = [person("1", surname="Merelstein") | company("B-1", name="Een BV"), person("2", job="lerares")]


class Site(NamedTuple):
    """Ours, with a customer, and a place to restore it."""

    customer: SampleCustomer
    folder: Path
    other: OtherSite

    def make(self, **options: Any) -> making.MadeBackup:
        return making.make(self.folder, **options)

    def restore(self, **options: Any) -> restoring.Restored:
        """Call it where the other site is entered."""
        return restoring.restore(self.folder, **options)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    for name in ("files", "ftp"):  # of tests before this one
        for one in (home() / name).glob("*"):
            if one.is_dir():
                shutil.rmtree(one)
    with empty_site(tmp_path / "other") as other:
        shutil.copy(home() / "secret-key", other.home)
        yield Site(SampleCustomer(), tmp_path / "backup", other)


Killed = Callable[[Site, Path, int], None]


def hand_over(site: Site, tmp_path: Path) -> None:
    """A file that the file server has received and nobody has taken in yet, and one that is still coming in."""
    account = accounts.add("hr", site.customer.record, "een-lang-wachtwoord-7", by=find.user("operator"))
    folders = uploads.AccountFolders(home() / "ftp", account.pk.hex)
    folders.make()
    csv, key = write_csv(tmp_path / "personen.csv", [person("7")]), data_keys.current(site.customer.record.pk)

    def copy_to(target: Path) -> None:
        with csv.open("rb") as content:
            sealed_file.at(target).seal(content, key)

    uploads.hand_over(folders.base, copy_to, take_in.facts_of(account.pk.hex, "personen.csv"))
    partial = PartialUpload(folders, folders.folder / "half.csv", key, 1000)
    partial.write(b"half")
    partial.close()


def test_all_of_a_site_is_restored_elsewhere_and_goes_on(site: Site, tmp_path: Path) -> None:
    first = site.customer.import_(LIVE)
    faulty = site.customer.deliver([person("1", surname="Merelstein", born="onzin"), person("2", job="leraar")])
    part = write_csv(tmp_path / part_name(faulty, ".csv"), [person("1", surname="Merelstein")])
    waiting = site.customer.deliver(part)
    received = site.customer.receive([person("3")])
    hand_over(site, tmp_path)
    live, file = site.customer.snapshot(), kept(first)

    made = site.make()
    assert made.copied == made.files == len(read_manifest(site.folder).files)
    again = site.make()
    assert again == made._replace(copied=0, bytes=again.bytes)
    assert not Lease.objects.exclude(holder="").exists()
    assert not any("/parts/" in one.name for one in read_manifest(site.folder).files)
    lines = AuditEntry.objects.filter(action="backup-made").count()

    with site.other.entered():
        restored = site.restore(verify=True)
        assert (restored.files, restored.gone, restored.migrations, restored.erased) == (made.files, [], 0, 0)
        there = SampleCustomer.of(find.customer(site.customer.name))
        assert there.snapshot() == live
        assert indexed() == computed()
        assert kept(first) == file
        assert {one.fault for one in verify_all()} == {None}
        assert AuditEntry.objects.filter(action="backup-made").count() == lines - 1
        assert AuditEntry.objects.filter(action="backup-restored").count() == 1
        assert read(Delivery.objects.get(pk=waiting.pk)).checked.record_count == 2, "the part with what it was put in"
        assert there.carry_on(received).state == "awaiting-approval"
        assert there.approve(Delivery.objects.get(pk=waiting.pk)).state == "imported"
        assert take_in.take_in_all(site.other.home / "ftp") == 1
        assert there.import_([person("4", surname="Nieuw")])
        with pytest.raises(NotAllowed, match="is not empty"):
            site.restore()
    assert site.customer.snapshot() == live


def during(function: str, work: Callable[[], object]) -> Callable[[FrameType, str, Any], None]:
    """What to give sys.setprofile, so that something else happens when a function is called."""
    todo = [work]

    def watch(frame: FrameType, event: str, _argument: Any) -> None:
        if todo and event == "call" and frame.f_code.co_name == function:
            todo.pop()()

    return watch


@pytest.mark.on_sqlite_alone
def test_who_is_erased_between_the_database_and_the_files_is_erased_again(site: Site) -> None:
    site.customer.import_(LIVE)
    erased = site.customer.import_([person("9", surname="Vergeten")])
    sys.setprofile(during("_sources", lambda: erase(site.customer.record, "9", None, "vraagt erom", by=None)))
    try:
        made = site.make()
    finally:
        sys.setprofile(None)
    assert made.gone == 1 and read_manifest(site.folder).gone == [erased.file_key]
    with site.other.entered():
        restored = site.restore(verify=True)
        assert (restored.gone, restored.erased) == ([erased.file_key], 1)
        live = SampleCustomer.of(find.customer(site.customer.name)).snapshot()
        assert {key[1] for kind, key in live if kind == "person"} == {"1", "2"}


@pytest.mark.on_sqlite_alone
def test_who_was_erased_after_an_older_backup_is_erased_again_by_a_newer_one(site: Site, tmp_path: Path) -> None:
    site.customer.import_([person("1"), person("9", surname="Vergeten")])
    site.make()
    erase(site.customer.record, "9", None, "vraagt erom", by=None)
    newer = tmp_path / "newer"
    making.make(newer)
    with site.other.entered():
        assert site.restore(newer=newer).erased == 1


@pytest.mark.on_sqlite_alone
def test_a_new_backup_replaces_the_one_before_and_keeps_no_file_of_it(site: Site) -> None:
    delivery = site.customer.import_(LIVE)
    site.make(with_key=True)
    assert (site.folder / "secret-key").read_text() == (home() / "secret-key").read_text()
    old = next(one for one in read_manifest(site.folder).files if one.name.endswith(delivery.file_key))
    erase(site.customer.record, "1", None, "vraagt erom", by=None)
    for name in ("draft.part", "secret-key.0a.part", "manifest.json.0a.part"):  # of one that was killed
        (site.folder / name).touch()
    site.make()
    assert not path_of(site.folder, old).exists()
    names = {one.name for one in site.folder.iterdir()}
    assert names == {MANIFEST, "files", "lock", read_manifest(site.folder).database.name}


def other_manifest(**changes: Any) -> Callable[[Site], object]:
    return lambda site: write_manifest(site.folder, read_manifest(site.folder)._replace(**changes))


def damage_file(site: Site) -> None:
    path_of(site.folder, read_manifest(site.folder).files[0]).write_bytes(b"else")


def something_in(place: str) -> Callable[[Site], object]:
    def prepare(site: Site) -> None:
        (site.other.home / place).parent.mkdir(parents=True, exist_ok=True)
        (site.other.home / place).touch()

    return prepare


def database_of(site: Site) -> Path:
    return site.folder / read_manifest(site.folder).database.name


REFUSED: dict[str, tuple[str, Callable[[Site], object]]] = {
    "a backup that was broken off": ("no-backup", lambda site: (site.folder / MANIFEST).unlink()),
    "another folder": ("no-backup", lambda site: shutil.rmtree(site.folder)),
    "a newer version": ("restore-newer-version", other_manifest(migration="9999_later", version="99")),
    "another form": ("backup-of-other-format", other_manifest(format=2)),
    "the other kind of database": ("restore-other-database", other_manifest(kind="postgresql")),
    "a file that was changed": ("backup-damaged", damage_file),
    "a database that was changed": ("backup-damaged", lambda site: database_of(site).write_bytes(b"else")),
    "a database that is missing": ("backup-damaged", lambda site: database_of(site).unlink()),
    "no manifest": ("backup-damaged", lambda site: (site.folder / MANIFEST).write_text("[]")),
    "half a manifest": ("backup-damaged", lambda site: (site.folder / MANIFEST).write_text('{"format": 1')),
    "a manifest without seal": ("backup-damaged", lambda site: (site.folder / MANIFEST).write_text('{"format": 1}')),
    "another secret key": ("backup-other-key", lambda site: (site.other.home / "secret-key").write_text(new_key())),
    "a home that is used": ("restore-in-use", something_in("x")),
    "files that are there": ("restore-in-use", something_in("files/demo/x")),
    "a restore that was broken off": ("restore-unfinished", something_in(UNFINISHED_RESTORE)),
}


@pytest.mark.on_sqlite_alone
@pytest.mark.parametrize(("code", "prepare"), REFUSED.values(), ids=REFUSED.keys())
def test_nothing_is_restored_of_what_is_not_whole_or_over_what_is_there(
    site: Site, code: str, prepare: Callable[[Site], object]
) -> None:
    site.make()
    prepare(site)
    with site.other.entered(), pytest.raises(InstroomError) as raised:
        site.restore()
    assert raised.value.code == code
    assert raised.value.sentence("nl") != raised.value.sentence("en")
    assert not (site.other.home / "instroom.sqlite3").exists()


@pytest.mark.on_sqlite_alone
def test_verifying_says_which_environment_differs(site: Site) -> None:
    """As where the program that copied the database has a fault: the digests are those of the database itself."""
    site.customer.import_(LIVE)
    site.make()
    database = database_of(site)
    with closing(sqlite3.connect(database)) as copy:
        copy.execute("UPDATE store_person SET surname = 'Anders' WHERE extern_id = '1'")
        copy.commit()
    changed = read_manifest(site.folder).database._replace(sha256=sha256_of(database))
    other_manifest(database=changed)(site)
    with site.other.entered():
        with pytest.raises(NotAllowed) as raised:
            site.restore(verify=True)
        name = site.customer.name
        assert raised.value.facts["places"] == [f"store_person ({name} live, {name} training)"]
        (site.other.home / UNFINISHED_RESTORE).unlink()  # as another machine sees it
        with pytest.raises(SettingsError) as raised_there:
            match_files(adopt=True)
        assert raised_there.value.code == "restore-unfinished"


@pytest.mark.on_sqlite_alone
def test_a_folder_is_of_one_site_and_for_backups_alone(site: Site, tmp_path: Path) -> None:
    site.make()
    other_manifest(site="01970c5e-8a4b-7c0d-9e1f-2a3b4c5d6e7f")(site)
    with pytest.raises(NotAllowed, match="another site"):
        site.make()
    for number, name in enumerate(("letter.txt", "files/demo/of-another-site")):
        other = tmp_path / str(number) / name
        other.parent.mkdir(parents=True)
        other.touch()
        with pytest.raises(NotAllowed, match="other than a backup"):
            making.make(tmp_path / str(number))
        assert other.exists()
    with pytest.raises(NotAllowed, match="lies within"):
        making.make(home() / "backup")


def is_whole(folder: Path) -> bool:
    """Whether the folder says that it has a backup; fails where that is not so."""
    try:
        manifest = read_manifest(folder)
    except NotFound:
        return False
    assert sha256_of(folder / manifest.database.name) == manifest.database.sha256
    for one in manifest.files:
        assert sha256_of(path_of(folder, one)) == one.sha256
    return True


def killed_while_backing_up(site: Site, tmp_path: Path, how_many: int) -> None:
    site.customer.receive([person("1")])
    numbers = itertools.count()

    def fresh() -> tuple[Path, Callable[[], object]]:
        folder = tmp_path / f"backup-{next(numbers)}"
        if site.folder.exists():
            shutil.copytree(site.folder, folder)
        return folder, lambda: making.make(folder, with_key=True)

    count_points(fresh()[1], tmp_path)  # the first run also makes what a site has once
    for has_earlier in (False, True):
        if has_earlier:
            site.make()
            site.customer.receive([person("2")])
        total, found = count_points(fresh()[1], tmp_path), set()
        for point in points(total, how_many):
            folder, work = fresh()
            kill_at(point, work)
            found.add(is_whole(folder))
        assert found == {True} if has_earlier else False in found
        assert not making.make(folder).gone and is_whole(folder)
    with site.other.entered():
        restoring.restore(folder, verify=True)


def killed_while_restoring(site: Site, tmp_path: Path, how_many: int) -> None:
    site.customer.import_([person("1")])
    site.make()
    numbers = itertools.count()

    def fresh() -> tuple[Path, Callable[[], object]]:
        home_there = tmp_path / f"home-{next(numbers)}"
        shutil.copytree(site.other.home, home_there)
        other = OtherSite(home_there)

        def work() -> None:
            with other.entered():
                site.restore(verify=True)

        return home_there, work

    total, begun = count_points(fresh()[1], tmp_path), set()
    for point in points(total, how_many):
        home_there, work = fresh()
        kill_at(point, work)
        begun.add((home_there / UNFINISHED_RESTORE).exists())
        if not (home_there / UNFINISHED_RESTORE).exists():
            assert {one.name for one in home_there.iterdir()} == {"secret-key"}
    assert True in begun


@pytest.mark.on_sqlite_alone
@pytest.mark.parametrize("killed", [killed_while_backing_up, killed_while_restoring])
@pytest.mark.parametrize("how_many", [2, pytest.param(40, marks=pytest.mark.slow)])
def test_what_is_killed_never_looks_whole(killed: Killed, how_many: int, site: Site, tmp_path: Path) -> None:
    killed(site, tmp_path, how_many)
