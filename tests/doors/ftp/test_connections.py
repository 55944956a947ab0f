"""A file that comes in at the file server finds its connection, and waits for its hour (product.md E2)."""

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from tests.contracts.customer import SampleCustomer, person, write_csv

from instroom.core.errors import NotAllowed
from instroom.flow import find
from instroom.flow.connections import connections, taking
from instroom.flow.connections.connection_state import waiting_for_a_person
from instroom.flow.delivery.advance import advance
from instroom.flow.file_server import accounts
from instroom.flow.file_server.account_sign_in import sign_in
from instroom.flow.file_server.take_in import deliver, facts_of, take_in, take_in_all
from instroom.store.files.uploads import AccountFolders, commit, get_waiting, waiting
from instroom.store.ids import new_id
from instroom.store.models import Delivery, FileAccount

pytestmark = pytest.mark.on_postgresql


@pytest.fixture
def customer() -> SampleCustomer:
    """A customer with the account `hr`."""
    customer = SampleCustomer()
    accounts.add("hr", customer.record, "een-lang-woord-7", by=find.user("operator"))
    return customer


def hand_over(base: Path, name: str, folder: str = "") -> Delivery:
    """A whole file of that name comes in."""
    account = FileAccount.objects.get()
    folders = AccountFolders(base, account.pk.hex)
    folders.make()
    part = write_csv(folders.parts / "part", [person("1")])
    one = commit(folders, part, folders.folder / name, facts_of(str(account.pk), name, folder))
    assert isinstance(one, UUID)
    delivery = take_in(base, one)
    assert delivery is not None
    assert take_in(base, one) is None
    return delivery


def test_what_cannot_be_taken_in_yet_is_logged_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(
        logging.getLogger("instroom.ftp"), "log", lambda level, *_, **__: told.append(logging.getLevelName(level))
    )
    folders = AccountFolders(tmp_path, new_id().hex)
    folders.make()
    (folders.parts / "part").write_bytes(b"x")
    commit(folders, folders.parts / "part", folders.folder / "personen.csv", facts_of(folders.account, "personen.csv"))
    assert [take_in_all(tmp_path), take_in_all(tmp_path)] == [0, 0]
    assert (told, len(waiting(tmp_path))) == (["ERROR"], 1)


def test_without_connections_a_file_goes_on_at_once(customer: SampleCustomer, tmp_path: Path) -> None:
    delivery = hand_over(tmp_path, "personen.csv")
    assert (delivery.connection, delivery.waits_for) == (None, "")
    assert customer.carry_on(delivery).state == "awaiting-approval"


@pytest.mark.parametrize("name", ["personen.csv", "Personen.CSV"])
def test_a_file_of_a_connection_waits_for_its_hour(customer: SampleCustomer, tmp_path: Path, name: str) -> None:
    connection = connections.add(
        "nacht",
        customer.record,
        by=find.user("operator"),
        account="hr",
        file_name="personen.csv",
        schedule="daily 01:00",
    )
    delivery = hand_over(tmp_path, name)
    assert (delivery.connection, delivery.waits_for) == (connection, "hour")
    assert not advance(customer.record)
    delivery.refresh_from_db()
    assert delivery.state == "received"


@pytest.mark.parametrize(
    "name", ["\u00c9nqu\u00eate.csv", "e\u0301nque\u0302te.csv", "\u00e9nqu\u00eate.CSV", "\u00e9nqu\u00eate.csv "]
)
def test_a_name_is_found_however_it_is_written(customer: SampleCustomer, tmp_path: Path, name: str) -> None:
    connections.add("nacht", customer.record, by=find.user("operator"), account="hr", file_name="\u00e9nqu\u00eate.csv")
    delivery = hand_over(tmp_path, name)
    assert delivery.connection is not None
    assert delivery.file_name == name
    with pytest.raises(NotAllowed, match="already belongs to the connection nacht"):
        connections.add("twee", customer.record, by=find.user("operator"), account="hr", file_name=name)


def test_another_name_is_kept_and_not_imported(customer: SampleCustomer, tmp_path: Path) -> None:
    connections.add("nacht", customer.record, by=find.user("operator"), account="hr", file_name="personen.csv")
    delivery = hand_over(tmp_path, "anders.csv")
    assert (delivery.connection, delivery.waits_for, delivery.file_name) == (None, "name", "anders.csv")
    assert not advance(customer.record)


def test_a_date_behind_that_of_the_last_file_waits_for_a_person(customer: SampleCustomer, tmp_path: Path) -> None:
    operator = find.user("operator")
    connection = connections.add("nacht", customer.record, by=operator, account="hr", file_name="personen_*_{date}.csv")
    first = hand_over(tmp_path, "personen_x_20270504.csv")
    assert (first.connection, first.waits_for) == (connection, "hour")
    taking.take_now(first, by=operator)
    advance(customer.record)
    behind = hand_over(tmp_path, "personen_y_2027-05-03.csv")
    assert (behind.connection, behind.waits_for) == (connection, "date")
    assert [one.pk for one in waiting_for_a_person(customer.record)] == [behind.pk]
    assert hand_over(tmp_path, "personen_z_2027-05-04.csv").waits_for == "hour"
    assert hand_over(tmp_path, "personen_20270505.csv").waits_for == "name"
    taking.take_now(behind, by=operator)
    assert customer.carry_on(behind).state == "awaiting-approval"


def test_a_landing_folder_belongs_to_the_connections_that_name_it(customer: SampleCustomer, tmp_path: Path) -> None:
    operator = find.user("operator")
    settings = {"by": operator, "account": "hr", "file_name": "personen.csv"}
    top = connections.add("top", customer.record, **settings)
    below = connections.add("hr", customer.record, **settings, folder="/Export/hr/")
    assert (below.folder, below.file_path) == ("Export/hr", "Export/hr/personen.csv")
    assert hand_over(tmp_path, "personen.csv").connection == top
    assert hand_over(tmp_path, "personen.csv", "Export/hr").connection == below
    assert hand_over(tmp_path, "Personen.csv", "export/HR").connection == below
    stranger = hand_over(tmp_path, "anders.csv", "Export/hr")
    assert (stranger.connection, stranger.waits_for) == (None, "name")
    with pytest.raises(NotAllowed, match="already belongs"):
        connections.add("twee", customer.record, **settings, folder="export/HR")
    for wrong in ("../hr", "a//b", "a/./b", "a\\b", "a/ b", "x.rapport.json/a", "a/b/c/d/e/f", "a\x07b"):
        with pytest.raises(NotAllowed, match="slash between"):
            connections.change(top, by=operator, folder=wrong)


def test_a_landing_folder_is_there_after_signing_in(customer: SampleCustomer, tmp_path: Path) -> None:
    connections.add(
        "nacht", customer.record, by=find.user("operator"), account="hr", file_name="p.csv", folder="export/hr"
    )
    signed_in = sign_in("hr", "een-lang-woord-7", "192.0.2.1", tls=True)
    assert signed_in.landing_folders == {"export/hr"}
    folders = AccountFolders(tmp_path, signed_in.id)
    folders.make(signed_in.landing_folders)
    assert (folders.folder / "export" / "hr").is_dir()


def test_who_takes_in_a_file_that_another_is_taking_in_waits_and_finds_it_done(
    customer: SampleCustomer, tmp_path: Path
) -> None:
    account = FileAccount.objects.get()
    folders = AccountFolders(tmp_path, account.pk.hex)
    folders.make()
    part = write_csv(folders.parts / "part", [person("1")])
    one = commit(folders, part, folders.folder / "personen.csv", facts_of(str(account.pk), "personen.csv"))
    waiting = get_waiting(tmp_path, one)
    with ThreadPoolExecutor(1) as pool:
        with waiting.turn() as still:
            second = pool.submit(take_in, tmp_path, one)
            assert still and deliver(waiting)
            waiting.done()
        assert second.result() is None
    assert Delivery.objects.get().pk == one
