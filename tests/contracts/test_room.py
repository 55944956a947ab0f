"""A customer takes no more than its quota, a disk is never filled, and a queue has an end."""

import io
from pathlib import Path

import pytest
from django.test import override_settings

from instroom.core.errors import NotAllowed
from instroom.flow import find
from instroom.flow.delivery import room
from instroom.flow.delivery.answer import answer_of
from instroom.flow.delivery.receive import receive
from instroom.flow.file_server import accounts
from instroom.store.files import delivered_files
from instroom.store.files.uploads import AccountFolders
from instroom.store.models import AuditEntry, Delivery, FileAccount, User
from tests.contracts.customer import SampleCustomer, person
from tests.kept_files import content_of, path_of, report_path

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise

NO_DISK = override_settings(INSTROOM_FREE_BYTES=1 << 62)


@pytest.fixture
def customer() -> SampleCustomer:
    return SampleCustomer()


def give(customer: SampleCustomer, quota: int) -> None:
    customer.record.quota = quota
    customer.record.save()


def account_of(customer: SampleCustomer) -> FileAccount:
    return accounts.add("hr", customer.record, "x7-maan-vier-stoel-kast", by=find.user("operator"))


def kept_files(customer: SampleCustomer) -> list[Path]:
    return sorted(path_of(customer.name).glob("*"))


@pytest.mark.on_postgresql
def test_a_file_over_the_quota_is_refused_and_nothing_of_it_is_kept(customer: SampleCustomer) -> None:
    first = customer.receive([person("1")])
    give(customer, 2 * first.bytes - 1)
    with pytest.raises(room.NoRoom) as refused:
        customer.receive([person("1")])
    assert refused.value.code == "customer-full"
    assert list(Delivery.objects.all()) == [first]
    assert len(kept_files(customer)) == 1
    give(customer, 2 * first.bytes)
    customer.receive([person("1")])


@pytest.mark.on_postgresql
def test_all_that_is_kept_counts(customer: SampleCustomer, instroom_home: Path) -> None:
    delivery = customer.deliver([person("1", born="31-02-1980")])
    assert room.usage_of(customer.record).used == delivery.bytes
    made = (
        answer_of(delivery, at_once=True).report("report", ".csv"),
        answer_of(delivery, at_once=True).report("rejected", ".xlsx"),
    )
    sizes = sum(len(content_of(report_path(one))) for one in made)
    assert room.usage_of(customer.record).used == delivery.bytes + sizes
    account = account_of(customer)
    folders = AccountFolders(instroom_home / "ftp", account.pk.hex)
    folders.make()
    (folders.parts / "half").write_bytes(b"12345")
    (folders.folder / "answer").write_bytes(b"1234567")
    assert room.usage_of(customer.record).used == delivery.bytes + sizes + 12


def test_a_report_waits_for_room(customer: SampleCustomer) -> None:
    delivery = customer.deliver([person("1", born="31-02-1980")])
    with NO_DISK, pytest.raises(room.NoRoom):
        answer_of(delivery, at_once=True).report("report", ".csv")
    assert len(kept_files(customer)) == 1
    assert answer_of(delivery, at_once=True).report("report", ".csv").file


def test_what_was_taken_in_has_a_right_to_its_answer(customer: SampleCustomer) -> None:
    delivery = customer.deliver([person("1", born="31-02-1980")])
    give(customer, delivery.bytes)
    assert answer_of(delivery, at_once=True).report("report", ".csv").file
    give(customer, delivery.bytes // 2)
    with pytest.raises(room.NoRoom):
        answer_of(delivery, at_once=True).report("annotated", ".xlsx")


def test_a_disk_is_not_filled(customer: SampleCustomer) -> None:
    with NO_DISK, pytest.raises(room.NoRoom) as refused:
        customer.receive([person("1")])
    assert refused.value.code == "no-room-on-disk"
    with NO_DISK, pytest.raises(OSError, match="No space left"):
        delivered_files.keep(io.BytesIO(b"x"), f"{customer.name}/half", customer.record.pk)
    assert kept_files(customer) == []
    assert not Delivery.objects.exists()


def test_what_a_file_server_has_acknowledged_has_its_room(customer: SampleCustomer, tmp_path: Path) -> None:
    account = account_of(customer)
    give(customer, 0)
    file = tmp_path / "personen.csv"
    file.write_text("x", encoding="utf-8")
    assert receive(file, customer.record, by=account).kept_bytes == 1


@pytest.mark.parametrize(("limit", "by_account"), [("MOST_WAITING", False), ("MOST_WAITING_OF_ACCOUNT", True)])
def test_a_queue_has_an_end(
    customer: SampleCustomer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, by_account: bool
) -> None:
    account = account_of(customer)
    monkeypatch.setattr(room, limit, 2)
    file = tmp_path / "personen.csv"
    file.write_text("x", encoding="utf-8")
    for _ in range(2):
        receive(file, customer.record, by=account)
    asked = {"account": account if by_account else None}
    with pytest.raises(room.TooManyWaiting):
        room.refuse_without_room(customer.record, 1, **asked)
    customer.carry_on(Delivery.objects.latest("pk"))
    room.refuse_without_room(customer.record, 1, **asked)


def test_only_a_site_operator_sets_a_quota(customer: SampleCustomer) -> None:
    operator = find.user("operator")
    User.objects.filter(pk=operator.pk).update(is_superuser=False)
    with pytest.raises(NotAllowed):
        room.set_quota(customer.record, 5, by=find.user("operator"))
    User.objects.filter(pk=operator.pk).update(is_superuser=True)
    room.set_quota(customer.record, 5, by=find.user("operator"))
    assert AuditEntry.objects.get(action="quota-changed").facts == {"before": None, "after": 5}
    assert room.usage_of(customer.record).quota == 5
    room.set_quota(customer.record, None, by=find.user("operator"))
    assert room.usage_of(customer.record).quota == room.DEFAULT_QUOTA
    with pytest.raises(NotAllowed):
        room.set_quota(customer.record, -1, by=find.user("operator"))
