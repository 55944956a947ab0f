"""A site that keeps its files in a bucket of S3: a delivery goes the same way, and nothing of it is on the disk."""

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from instroom.core.errors import NotFound
from instroom.flow import find
from instroom.flow.backup.making import make
from instroom.flow.backup.restoring import restore
from instroom.flow.delivery.answer import answer_of
from instroom.flow.delivery.content import table_of
from instroom.flow.delivery.reports import make_asked
from instroom.flow.operations import key_rotation
from instroom.flow.operations.doctor.diagnosis import Asked
from instroom.flow.operations.doctor.examination import examine
from instroom.flow.operations.site_files import match_files
from instroom.flow.privacy.erasing import erase
from instroom.store import data_keys
from instroom.store.files import delivered_files, orphans
from instroom.store.files.file_store import FileMissing, StoreAway
from instroom.store.files.site_store import site_store
from instroom.store.models import Delivery
from tests.commands import Run
from tests.contracts.customer import SampleCustomer, person
from tests.kept_files import kept
from tests.other_site import empty_site
from tests.s3_server import KEYS, client_of, make_bucket, s3_server

pytestmark = pytest.mark.on_sqlite_alone  # no statement is another
NAME = "Vermeulen-Oost"


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with s3_server() as endpoint:
        yield endpoint


@pytest.fixture
def customer(s3: str) -> Iterator[SampleCustomer]:
    with override_settings(INSTROOM_FILES=make_bucket(s3), INSTROOM_S3_KEYS=KEYS):
        match_files(adopt=True)
        yield SampleCustomer()


def keys(customer: SampleCustomer) -> list[str]:
    return [one.key for one in site_store().list(f"{customer.name}/")]


def test_a_file_goes_all_its_way(customer: SampleCustomer, instroom_home: Path) -> None:
    """Checked, imported in training, approved, answered, undone, encrypted anew, and gone with a person."""
    rows = [person("1", surname=NAME), person("2", surname=NAME, born="31-02-1980")]
    delivery = customer.import_(rows, on_error="skip", skip_limit_percent=100)
    make_asked()
    answer = answer_of(delivery)
    content = answer.report("rejected", ".csv").opened()
    assert content and NAME.encode() in content.read()
    assert len(keys(customer)) == 7, "the file, and three reports with their notes"
    assert Delivery.objects.get(pk=delivery.pk).kept_bytes > delivery.bytes
    assert len(customer.snapshot()) == 1
    customer.undo(delivery)
    assert customer.snapshot() == {}

    older = data_keys.current(customer.record.pk)
    assert key_rotation.rotate().files == 4
    assert older.id not in {one.key_id() for one in key_rotation.files_of(customer.record)}
    content = answer.report("rejected", ".csv").opened()
    assert content and NAME.encode() in content.read()

    assert not (instroom_home / "files" / customer.name).exists()
    erase(customer.record, "1", None, "Op verzoek", by=find.user("operator"))
    assert keys(customer) == []
    with pytest.raises(NotFound):
        answer_of(delivery)


def test_a_file_that_was_changed_or_is_missing_is_said(customer: SampleCustomer) -> None:
    changed, other, missing = (customer.receive([person(one)]) for one in "123")
    with site_store().open(other.file_key) as source, site_store().writing(changed.file_key) as target:
        target.write(source.read())
    site_store().delete(missing.file_key)
    assert customer.carry_on(changed).cause == "file-changed"
    with pytest.raises(FileMissing):
        table_of(missing)
    assert table_of(other)


def test_one_object_that_is_not_given_back_is_the_trouble_of_its_delivery(customer: SampleCustomer) -> None:
    """Such as one that a rule of the bucket has put in an archive."""
    delivery, other = customer.receive([person("1")]), customer.receive([person("2")])
    place = settings.INSTROOM_FILES
    name = {"Bucket": place.bucket, "Key": place.prefix + delivery.file_key}
    client_of(place).copy_object(**name, CopySource=name, StorageClass="GLACIER")
    assert customer.carry_on(delivery).cause == "file-unreadable"
    assert table_of(other)


def test_a_bucket_that_is_away_counts_against_no_delivery(
    customer: SampleCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda seconds: None)
    delivery = customer.receive([person("1")])
    away = settings.INSTROOM_FILES._replace(endpoint="http://127.0.0.1:1")
    with override_settings(INSTROOM_FILES=away), pytest.raises(StoreAway):
        customer.carry_on(delivery)
    delivery.refresh_from_db()
    assert (delivery.cause, delivery.failures, delivery.crashes) == ("", 0, 0)
    assert customer.carry_on(delivery).state == "awaiting-approval"


def test_a_bucket_that_would_keep_what_is_deleted_is_told(
    customer: SampleCustomer, caplog: pytest.LogCaptureFixture
) -> None:
    """For want of a right that is found out at the start, and where it keeps versions at the first file."""
    bucket, client = settings.INSTROOM_FILES.bucket, client_of(settings.INSTROOM_FILES)
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for one in "12":
        customer.receive([person(one)])
    assert sum(one.startswith(f"s3://{bucket}/instroom keeps versions") for one in caplog.messages) == 1
    denied = {"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    client.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [denied]}))
    with pytest.raises(StoreAway):
        match_files()


def test_files_of_no_delivery_are_put_aside_and_can_be_delivered_again(customer: SampleCustomer, run: Run) -> None:
    delivered = customer.receive([person("1")])
    orphan, aside = f"{customer.name}/0193", f"{customer.name}/aside/0193"
    delivered_files.keep(io.BytesIO(kept(delivered)), orphan, customer.record.pk)

    def sweep(*known: str, days: float = 30) -> dict[str, int]:
        is_known = {delivered.file_key, *known}
        return +orphans.sweep(-2, lambda _: days, lambda keys: is_known & {*keys}, lambda _: 0)

    assert sweep() == {"put aside": 1}
    assert keys(customer) == sorted([delivered.file_key, aside])
    assert run("deliver", f"{site_store().place}/{aside}", "--customer", customer.name).code == 0
    again = Delivery.objects.latest("number")
    assert (again.file_name, kept(again)) == ("0193", kept(delivered))
    site_store().delete(again.file_key)
    assert sweep(orphan) == {"put back": 1}
    assert sweep() == {"put aside": 1}
    assert sweep(days=-4) == {"deleted": 1}
    assert keys(customer) == [delivered.file_key]


def test_the_doctor_looks_at_a_bucket(customer: SampleCustomer) -> None:
    lost = customer.receive([person("1")])

    def codes() -> list[str]:
        return [one.code for one in examine(Asked(), ["files", "kept"])]

    before = [one.key for one in site_store().list("")]
    assert codes() == ["files", "kept"]
    assert [one.key for one in site_store().list("")] == before
    site_store().delete(lost.file_key)
    assert codes() == ["files", "kept-lost"]
    gone = settings.INSTROOM_FILES._replace(bucket="not-there")
    with override_settings(INSTROOM_FILES=gone):
        assert codes() == ["files-away", "unexamined-files"]
    with override_settings(INSTROOM_FILES=gone._replace(endpoint="http://127.0.0.1:1")):
        assert codes() == ["files-away", "unexamined-files"]


def test_a_backup_has_the_bucket_too_and_becomes_another_one(customer: SampleCustomer, s3: str, tmp_path: Path) -> None:
    delivery = customer.import_([person("1", surname=NAME)])
    make(tmp_path / "backup")
    assert make(tmp_path / "backup").copied == 0
    with empty_site(tmp_path / "other") as other:
        shutil.copy(Path(settings.INSTROOM_HOME) / "secret-key", other.home)
        with other.entered(), override_settings(INSTROOM_FILES=make_bucket(s3)):
            assert restore(tmp_path / "backup", verify=True).gone == []
            assert NAME.encode() in kept(delivery)
            assert not any(one.is_file() for one in (other.home / "files").rglob("*"))
