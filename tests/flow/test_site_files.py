"""A site finds out at its start whether the files that it sees are its own, and goes on with no others by itself."""

from pathlib import Path
from typing import NamedTuple

import pytest
from django.test import override_settings
from django.utils import timezone

from instroom.core.errors import SettingsError
from instroom.flow.delivery.room import usage_of
from instroom.flow.file_server.left_files import left_files
from instroom.flow.operations.init import add_customer
from instroom.flow.operations.site_files import match_files
from instroom.store.files import delivered_files, site_id
from instroom.store.files.customer_files import kept_files
from instroom.store.files.file_store import StoreAway
from instroom.store.files.folder_store import FolderStore
from instroom.store.files.site_store import site_store
from instroom.store.models import AuditEntry, Customer, Delivery, FileAccount, Site

OTHER, OURS = "01970c5e-8a4b-7c0d-9e1f-2a3b4c5d6e7f", "ours"
MOMENTS = dict.fromkeys(("received_at", "changed_at"), timezone.now())


class Case(NamedTuple):
    refused: str = ""
    """The code of the error; "": the site begins."""
    mark: str | None = None
    """What stands in `site-id`."""
    marked: bool = False
    """Whether the database knows of a start with these files."""
    known: bool = False
    """Whether the database knows a file."""
    there: tuple[str, ...] = ()
    """The files of the store."""


CASES = {
    "a new site": Case(),
    "a new site that was cut off": Case(mark=OURS),
    "a site at its second start": Case(mark=OURS, marked=True, known=True, there=("demo/1",)),
    "a site whose files are all past their time": Case(mark=OURS, marked=True),
    "a restored database beside newer files": Case(mark=OURS, marked=True, known=True, there=("demo/1", "demo/2")),
    "a site of before there were ids": Case(known=True, there=("demo/1",)),
    "files that were restored without the id": Case(marked=True, known=True, there=("demo/1",)),
    "what a system puts in an empty folder": Case(there=("lost+found",)),
    "a mount that is missing": Case("files-missing", marked=True, known=True),
    "a mount that is missing before the first file": Case("files-missing", marked=True),
    "a mount that is missing at an upgrade": Case("files-missing", known=True),
    "a node with a folder of its own, of a site before": Case("files-of-another-site", known=True, there=("demo/9",)),
    "a folder of another site": Case("files-of-another-site", OTHER, marked=True, known=True),
    "a folder of another site, by a new one": Case("files-of-another-site", OTHER),
    "a folder of another site of before there were ids": Case("files-of-another-site", there=("demo/9",)),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_site_begins_with_its_own_files_alone(case: Case, tmp_path: Path) -> None:
    site = str(Site.objects.get().pk)
    Site.objects.update(files_marked=case.marked)
    for name in case.there:
        (tmp_path / "files" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "files" / name).touch()
    with override_settings(INSTROOM_HOME=tmp_path):
        if case.mark:
            site_id.write(site_store(), site if case.mark == OURS else case.mark)
        if case.known:
            add_customer("demo", "Demo", {})
            Delivery.objects.create(customer=Customer.objects.get(), number=1, file_key="demo/1", **MOMENTS)
        if case.refused:
            with pytest.raises(SettingsError) as raised:
                match_files()
            there = site_id.read(site_store())
            assert (raised.value.code, there) == (case.refused, OTHER if case.mark == OTHER else None)
            assert raised.value.sentence("nl") != raised.value.sentence("en")
        match_files(adopt=bool(case.refused))
        match_files()
        assert site_id.read(site_store()) == site and Site.objects.get().files_marked
    assert AuditEntry.objects.filter(action="files-adopted").count() == bool(case.refused)


UPLOADS = {
    "a new site": Case(),
    "a site without accounts, on a machine without the folder": Case(marked=True),
    "a folder of another site, before there are accounts": Case("uploads-of-another-site", OTHER),
    "a node with the folder of the site": Case(mark=OURS, marked=True, known=True),
    "a site of before this folder had an id": Case(known=True, there=("accounts/OURS/folder",)),
    "another machine with a folder of its own": Case("uploads-missing", marked=True, known=True),
    "the same, though it was used before": Case(
        "uploads-of-another-site", marked=True, known=True, there=("accounts/OURS/folder",)
    ),
    "a folder of its own at the upgrade": Case("uploads-missing", known=True),
    "a folder of another site": Case("uploads-of-another-site", OTHER, marked=True, known=True),
}


@pytest.mark.parametrize("case", UPLOADS.values(), ids=UPLOADS.keys())
def test_all_machines_of_a_site_see_one_folder_of_the_file_server(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = tmp_path / "ftp"
    monkeypatch.setenv("INSTROOM_FTP_FOLDER", str(base))
    Site.objects.update(uploads_marked=case.marked)
    if case.known:
        add_customer("demo", "Demo", {})
        hr = FileAccount.objects.create(customer=Customer.objects.get(), name="hr", made_at=timezone.now())
        Delivery.objects.create(customer=hr.customer, number=1, account=hr, **MOMENTS)
        for name in case.there:
            (base / name.replace("OURS", hr.pk.hex)).mkdir(parents=True)
            (base / name.replace("OURS", hr.pk.hex) / "a.csv").touch()
    if case.mark:
        site_id.write(FolderStore(base), OTHER if case.mark == OTHER else str(Site.objects.get().pk))
    if case.refused:
        with pytest.raises(SettingsError) as raised:
            match_files()
        assert raised.value.code == case.refused and raised.value.sentence("nl") != raised.value.sentence("en")
    match_files(adopt=bool(case.refused))
    match_files()
    assert (base / "site-id").exists() == (case.known or not case.marked)


def test_a_machine_with_other_secret_keys_does_not_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    match_files()
    monkeypatch.setenv("INSTROOM_SECRET_KEYS", "een-andere-lange-geheime-sleutel-0123456789")
    with pytest.raises(SettingsError, match="Each machine of a site needs the same keys"):
        match_files()


def test_what_an_account_sees_counts_as_gone_only_where_its_folder_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_customer("demo", "Demo", {})
    hr = FileAccount.objects.create(customer=Customer.objects.get(), name="hr", made_at=timezone.now())
    monkeypatch.setenv("INSTROOM_FTP_FOLDER", str(tmp_path / "not-mounted"))
    for ask in (lambda: left_files(hr), lambda: usage_of(hr.customer), lambda: [*kept_files("demo", [hr.pk.hex])]):
        with pytest.raises(StoreAway):
            ask()


def test_no_file_is_kept_under_a_mount_that_has_gone(tmp_path: Path) -> None:
    add_customer("demo", "Demo", {})
    with override_settings(INSTROOM_HOME=tmp_path):
        (tmp_path / "levering.csv").write_bytes(b"x")
        with (tmp_path / "levering.csv").open("rb") as source, pytest.raises(StoreAway):
            delivered_files.keep(source, "demo/1", Customer.objects.get().pk)
        assert not (tmp_path / "files").exists()
