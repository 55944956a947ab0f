"""A file with citizen service numbers is deleted once it is checked, also after a kill; its delivery says why (G4)."""

import io
import json
from pathlib import Path

import pytest

from instroom.core.errors import NotFound
from instroom.flow import delivery_document, find
from instroom.flow.delivery.answer import answer_of
from instroom.flow.delivery.receive import receive
from instroom.flow.delivery.reports import make_asked
from instroom.flow.file_server import accounts
from instroom.flow.file_server.account_answers import answer_all
from instroom.store import data_keys
from instroom.store.files import sealed_file
from instroom.store.files.uploads import AccountFolders
from instroom.store.leases import held, reports_of
from instroom.store.models import AskedReport, Delivery, FileAccount, StoredChange
from instroom.store.sql import findings
from tests.contracts.customer import SampleCustomer, person, write_csv
from tests.kept_files import kept, path_of

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise

WITH_BSN = [person("1", free="BSN", value="002000003", born="31-02-1980")]
WITHOUT = [person("1", free="VrijveldCode", value="002000003")]


def files_of(delivery: Delivery) -> list[Path]:
    own = path_of(delivery.file_key)
    return list(own.parent.glob(f"{own.name}*"))


@pytest.mark.on_postgresql
def test_it_is_rejected_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    customer = SampleCustomer()
    delivery = customer.deliver(WITH_BSN)
    make_asked()
    assert (delivery.state, delivery.reason, delivery.kept_bytes) == ("rejected", "bsn", 0)
    assert files_of(delivery) == []
    assert not AskedReport.objects.exists() and not StoredChange.objects.exists()
    found = findings.stored(delivery)
    assert [(one.code, one.value) for one in found] == [("column-bsn", None)]
    told = f"{list(found)} {delivery_document.document(delivery)}"
    assert "2000003" not in told and "31-02-1980" not in told
    with pytest.raises(NotFound) as refused:
        answer_of(delivery, at_once=True)
    assert refused.value.code == "file-with-bsn"
    corrected = write_csv(tmp_path / "personen.csv", WITHOUT)
    after = customer.carry_on(receive(corrected, customer.record, by=find.user("supplier"), corrects=delivery))
    assert (after.state, after.corrects) == ("awaiting-approval", delivery)


def test_it_goes_later_where_the_process_was_killed(instroom_home: Path) -> None:
    """As a report under way does, a kill leaves the deletion to the next round."""
    customer, account, folders = _with_account(instroom_home)
    delivery = customer.receive(WITH_BSN, by=account)
    (folders.folder / "personen.csv").write_bytes(kept(delivery))
    with held(reports_of(customer.record.pk)):
        customer.carry_on(delivery)
    assert files_of(delivery) and list(folders.folder.iterdir())
    make_asked()
    assert files_of(delivery) == [] and list(folders.folder.iterdir()) == []


def test_its_account_sees_no_upload_of_it_and_gets_an_answer(instroom_home: Path) -> None:
    customer, account, folders = _with_account(instroom_home)
    delivery = customer.receive(WITH_BSN, by=account)
    (folders.folder / "personen.csv").write_bytes(kept(delivery))
    other = sealed_file.at(folders.folder / "other name.csv")
    other.seal(io.BytesIO(kept(delivery)), data_keys.current(customer.record.pk))
    (folders.folder / "other.csv").write_bytes(b"x" * delivery.bytes)
    customer.carry_on(delivery)
    answer_all(instroom_home / "ftp")
    report = "personen.csv.rapport"
    assert sorted(one.name for one in folders.folder.iterdir()) == ["other.csv", f"{report}.json", f"{report}.xlsx"]
    with sealed_file.at(folders.folder / f"{report}.json").opened() as file:
        answer = json.load(file)
    assert [one["code"] for one in answer["check"]["findings"]] == ["column-bsn"]


def test_the_same_file_again_is_looked_at_again(instroom_home: Path) -> None:
    customer, account, _ = _with_account(instroom_home)
    for _ in range(2):
        delivery = customer.carry_on(customer.receive(WITH_BSN, by=account))
        assert (delivery.reason, files_of(delivery)) == ("bsn", [])


def _with_account(home: Path) -> tuple[SampleCustomer, FileAccount, AccountFolders]:
    customer = SampleCustomer()
    account = accounts.add("hr", customer.record, "x7-maan-vier-stoel-kast", by=find.user("operator"))
    folders = AccountFolders(home / "ftp", account.pk.hex)
    folders.make()
    return customer, account, folders
