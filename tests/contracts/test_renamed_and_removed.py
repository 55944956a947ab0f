"""Connections, webhooks and accounts of the file server get another name or go, and what they have done stays known
(product.md E1, E4, F2)."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.utils import timezone

from instroom.config.file_server import folder
from instroom.core.errors import NotAllowed, NotFound
from instroom.flow import delivery_document, find
from instroom.flow.connections import connections, removing, taking
from instroom.flow.delivery import decide
from instroom.flow.delivery.receive import receive
from instroom.flow.file_server import account_answers, accounts, left_files
from instroom.flow.file_server import removing as accounts_removing
from instroom.flow.file_server.account_bans import bans_of, lift_bans
from instroom.flow.file_server.account_sign_in import sign_in
from instroom.flow.file_server.failed_attempts import attempts_of
from instroom.flow.file_server.take_in import take_in_all
from instroom.flow.file_server.upload_names import commit
from instroom.flow.queries import overview
from instroom.flow.webhooks import manage
from instroom.store.files.uploads import AccountFolders
from instroom.store.models import AuditEntry, Connection, ConnectionRun, Delivery, FileAccount
from tests.contracts.connection_scenario import PERSONS, ConnectionScenario
from tests.contracts.customer import write_csv

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise

PASSWORD = "een-lang-woord-7"  # noqa: S105 - of nobody


class Named(NamedTuple):
    """Something with a name, and what people do with that."""

    one: Any
    change: Callable[..., Any]
    find: Callable[[str], Any]
    add: Callable[[str], Any]


@pytest.fixture
def scenario() -> ConnectionScenario:
    return ConnectionScenario(begins="2026-05-03T12:00")


@pytest.fixture(params=["connection", "webhook", "account"])
def named(request: pytest.FixtureRequest, scenario: ConnectionScenario) -> Named:
    owner, by = scenario.customer.record, find.user("operator")
    if request.param == "connection":
        return Named(
            scenario.connection,
            connections.change,
            lambda name: find.connection(owner, name),
            lambda name: connections.add(name, owner, by=by),
        )
    if request.param == "webhook":
        add = lambda name: manage.add(name, owner, by=by, address="https://crm.voorbeeld.example/").webhook  # noqa: E731
        return Named(add("crm"), manage.change, lambda name: manage.named(owner, name), add)
    return Named(
        scenario.account, accounts.change, accounts.account, lambda name: accounts.add(name, owner, PASSWORD, by=by)
    )


@pytest.mark.on_postgresql
def test_under_another_name_it_is_the_same_and_the_old_name_is_free(named: Named) -> None:
    by, before = find.user("operator"), named.one.name
    assert named.change(named.one, by=by, name="ander")
    assert named.find("ander") == named.one
    with pytest.raises(NotFound):
        named.find(before)
    assert named.one.name == "ander"
    assert before in str(AuditEntry.objects.latest("pk").facts)
    assert "ander" in str(AuditEntry.objects.latest("pk").facts)

    another = named.add(before)
    assert another.pk != named.one.pk
    with pytest.raises(NotAllowed, match="already"):
        named.change(another, by=by, name="ander")
    assert not named.change(named.one, by=by, name="ander"), "it has that name"


@pytest.mark.on_postgresql
def test_of_two_who_rename_it_the_second_is_told(named: Named) -> None:
    by, before = find.user("operator"), named.one.name
    seen = named.find(before)
    named.change(named.one, by=by, name="ander")
    with pytest.raises(NotAllowed, match=f"renamed {before} to ander"):
        named.change(seen, by=by, name="derde")
    assert not named.change(seen, by=by, name="ander"), "both wanted the same"


@pytest.mark.parametrize("name", ["", "Met Spatie", "x" * 61, "é"])
def test_a_bad_name_is_refused(named: Named, name: str) -> None:
    before = named.one.name
    with pytest.raises(NotAllowed):
        named.change(named.one, by=find.user("operator"), name=name)
    assert named.find(before) == named.one


def test_only_an_operator_renames_or_removes(scenario: ConnectionScenario) -> None:
    supplier = find.user("supplier")
    for act in (
        lambda: connections.change(scenario.connection, by=supplier, name="x"),
        lambda: removing.remove(scenario.connection, by=supplier),
        lambda: accounts.change(scenario.account, by=supplier, name="x"),
        lambda: accounts_removing.remove(scenario.account, by=supplier),
    ):
        with pytest.raises(NotAllowed, match="supplier"):
            act()


# Connections


def test_what_came_in_shows_the_present_name(scenario: ConnectionScenario) -> None:
    file = scenario.receive("2026-05-04T00:30")
    scenario.tick("2026-05-04T01:00")
    connections.change(scenario.connection, by=find.user("operator"), name="avond")
    assert delivery_document.document(Delivery.objects.get(pk=file.pk))["connection"] == "avond"
    assert scenario.runs() == [("2026-05-04", "taken"), ("2026-05-05", "waiting")]


def removed(scenario: ConnectionScenario) -> Delivery:
    """A connection whose file was imported, removed; gives that file."""
    file = scenario.receive("2026-05-04T00:30")
    scenario.tick("2026-05-04T01:00")
    decide.approve(Delivery.objects.get(pk=file.pk), by=find.user("approver"), at="now")
    scenario.tick("2026-05-04T02:00")
    assert scenario.state(file) == "imported"
    removing.remove(scenario.connection, by=find.user("operator"))
    return file


def test_a_removed_connection_expects_nothing_and_its_past_stays(scenario: ConnectionScenario) -> None:
    file = removed(scenario)
    owner = scenario.customer.record
    assert scenario.tick("2026-05-05T09:00") == []
    assert scenario.runs()[0] == ("2026-05-04", "taken")
    assert not ConnectionRun.objects.filter(open=True).exists()
    assert connections.of_customer(owner, by=None) == []
    assert [one.name for one in removing.removed_of(owner, of=find.user("operator"))] == ["nacht"]
    assert AuditEntry.objects.get(action="connection-removed").facts["connection"] == "nacht"

    file = find.delivery_of(owner, file.pk, by=find.user("operator"))
    assert delivery_document.document(file)["connection"] == "nacht"
    named = overview.DeliveriesFilter(connections=find.connections_ever(owner, "nacht"))
    listed = overview.matching(owner, named, by=find.user("operator"))
    assert list(listed) == [file]
    with pytest.raises(NotFound):
        removing.remove(scenario.connection, by=find.user("operator"))
    for act in (connections.change, connections.pause, connections.resume):
        try:
            act(scenario.connection, by=find.user("operator"))
        except NotFound:
            continue
    assert Connection.ever.get().paused_at is None


@pytest.mark.on_postgresql
def test_its_name_and_file_can_be_used_again_and_begin_anew(scenario: ConnectionScenario) -> None:
    removed(scenario)
    made = connections.add(
        "nacht", scenario.customer.record, by=find.user("operator"), account=scenario.account.name,
        file_name="personen.csv", standing=True,
    )  # fmt: skip
    file = scenario.receive("2026-05-06T00:30", [*PERSONS[:-1]])
    assert file.connection == made
    scenario.tick("2026-05-06T01:00")
    assert scenario.state(file) == "awaiting-approval", "nobody has approved a file of this one"


def waits_for_its_hour(scenario: ConnectionScenario) -> None:
    scenario.receive("2026-05-04T00:30")


def waits_for_approval(scenario: ConnectionScenario) -> None:
    scenario.receive("2026-05-04T00:30")
    scenario.tick("2026-05-04T01:00")


def waits_for_its_moment(scenario: ConnectionScenario) -> None:
    waits_for_approval(scenario)
    decide.approve(Delivery.objects.get(), by=find.user("approver"), at=timezone.now() + timedelta(days=1))


@pytest.mark.parametrize("story", [waits_for_its_hour, waits_for_approval, waits_for_its_moment])
def test_while_something_waits_neither_goes(
    scenario: ConnectionScenario, story: Callable[[ConnectionScenario], None]
) -> None:
    by = find.user("operator")
    story(scenario)
    with pytest.raises(NotAllowed, match="under way"):
        removing.remove(scenario.connection, by=by)
    with pytest.raises(NotAllowed, match="a connection has it: nacht"):
        accounts_removing.remove(scenario.account, by=by)
    connections.change(scenario.connection, by=by, account="", file_name="")
    with pytest.raises(NotAllowed, match="under way"):
        accounts_removing.remove(scenario.account, by=by)
    decide.withdraw(Delivery.objects.get(), by=by)
    accounts_removing.remove(scenario.account, by=by)
    removing.remove(scenario.connection, by=by)


def test_a_file_for_a_removed_connection_waits_for_a_person(scenario: ConnectionScenario) -> None:
    removed(scenario)
    uploaded(scenario.account)
    assert take_in_all(folder()) == 1
    file = Delivery.objects.latest("pk")
    assert (file.connection, file.waits_for, file.state) == (None, "name", "received")


def test_a_file_that_was_on_its_way_to_a_connection_is_refused_or_goes_again(
    scenario: ConnectionScenario, tmp_path: Path
) -> None:
    """The door has found the connection, and then somebody removes it."""
    file = Delivery.objects.get(pk=scenario.receive("2026-05-04T00:30", name="x.csv").pk)
    Delivery.objects.filter(pk=file.pk).update(waits_for="name", connection=None)
    file.refresh_from_db()
    gone = Connection.objects.get()
    removing.remove(gone, by=find.user("operator"))
    (tmp_path / "personen.csv").write_bytes(b"x")
    with pytest.raises(NotFound):
        receive(tmp_path / "personen.csv", scenario.customer.record, by=scenario.account, connection=gone)
    with pytest.raises(NotFound):
        taking.take_now(file, by=find.user("operator"), connection=gone)
    assert scenario.state(file) == "waits"


def test_a_corrected_file_of_a_removed_connection_waits_for_approval(
    scenario: ConnectionScenario, tmp_path: Path
) -> None:
    rejected = scenario.receive("2026-05-04T00:30", [{**PERSONS[0], "PersoonGeboortedatum": "31-02-1980"}])
    scenario.tick("2026-05-04T01:00")
    assert scenario.state(rejected) == "rejected errors"
    removing.remove(scenario.connection, by=find.user("operator"))
    path = write_csv(tmp_path / "personen.csv", PERSONS)
    corrected = receive(path, scenario.customer.record, by=find.user("supplier"), corrects=rejected)
    scenario.tick("2026-05-04T03:00")
    assert scenario.state(corrected) == "awaiting-approval"
    assert corrected.connection_id == scenario.connection.pk, "its approval keeps to the same policies"


# Accounts of the file server


def uploaded(account: FileAccount, name: str = "personen.csv") -> AccountFolders:
    """A complete upload of the account."""
    folders = AccountFolders(folder(), account.pk.hex)
    folders.make()
    part = folders.parts / os.urandom(4).hex()
    part.write_bytes(b"x")
    commit(folders, part, folders.folder / name)
    return folders


@pytest.fixture
def account(scenario: ConnectionScenario) -> FileAccount:
    """An account without a connection."""
    return accounts.add("crm", scenario.customer.record, PASSWORD, by=find.user("operator"))


def test_a_renamed_account_signs_in_under_its_new_name_only_with_its_own_directory(account: FileAccount) -> None:
    uploaded(account)
    accounts.change(account, by=find.user("operator"), name="CRM-2 ")
    assert sign_in("crm-2", PASSWORD, "192.0.2.7", tls=True).id == account.pk.hex
    with pytest.raises(NotAllowed):
        sign_in("crm", PASSWORD, "192.0.2.7", tls=True)
    assert take_in_all(folder()) == 1
    assert Delivery.objects.latest("pk").account == account


def test_who_still_uses_the_old_name_is_seen_on_the_account(account: FileAccount) -> None:
    by = find.user("operator")
    accounts.change(account, by=by, name="nieuw")
    for _ in range(20):
        with pytest.raises(NotAllowed):
            sign_in("crm", PASSWORD, "192.0.2.7", tls=True)
    causes = {one.cause: one.times for one in attempts_of([account])}
    assert causes == {"former-name": 5}, "then its address is banned"
    assert bans_of(account)
    assert lift_bans(account, by=by)
    assert not bans_of(account)

    another = accounts.add("crm", account.customer, PASSWORD, by=by)
    assert sign_in("crm", PASSWORD, "192.0.2.7", tls=True).id == another.pk.hex
    accounts_removing.remove(another, by=by)
    with pytest.raises(NotAllowed):
        sign_in("crm", PASSWORD, "192.0.2.7", tls=True)
    assert len(attempts_of([account])) == 1, "the name is another account's by now"


def test_a_change_of_an_account_undoes_no_rename_of_somebody_else(account: FileAccount) -> None:
    seen = accounts.account("crm")
    accounts.change(account, by=find.user("operator"), name="nieuw")
    accounts.change(seen, by=find.user("operator"), active=False)
    assert not accounts.account("nieuw").active


def test_an_account_with_uploads_that_are_no_delivery_stays(account: FileAccount) -> None:
    by = find.user("operator")
    uploaded(account, "personen.tmp")
    with pytest.raises(NotAllowed, match="uploads of it are no deliveries yet"):
        accounts_removing.remove(account, by=by)
    left_files.delete(account, left_files.left_files(account)[0].id, by=by)
    uploaded(account)
    with pytest.raises(NotAllowed, match="uploads of it are no deliveries yet"):
        accounts_removing.remove(account, by=by)
    take_in_all(folder())
    Delivery.objects.update(state="withdrawn")
    accounts_removing.remove(account, by=by)
    assert AuditEntry.objects.get(action="account-removed").facts["account"] == "crm"


def test_nobody_signs_in_at_a_removed_account_and_its_past_stays(account: FileAccount) -> None:
    by = find.user("operator")
    sign_in("crm", PASSWORD, "192.0.2.7", tls=True)
    folders = uploaded(account)
    take_in_all(folder())
    Delivery.objects.update(state="withdrawn", verdict="clean")
    accounts_removing.remove(account, by=by)
    with pytest.raises(NotAllowed):
        sign_in("crm", PASSWORD, "192.0.2.7", tls=True)
    with pytest.raises(NotFound):
        accounts_removing.remove(account, by=by)
    assert account_answers.answer_all(folder()) == 0, "nobody can fetch an answer"
    assert Delivery.objects.get().account == account
    assert [one.name for one in accounts_removing.removed_of(account.customer)] == ["crm"]

    accounts_removing.delete_folders(folder())
    assert folders.folder.exists(), "a session may still be open"
    FileAccount.ever.update(removed_at=timezone.now() - timedelta(days=2))
    accounts_removing.delete_folders(folder())
    accounts_removing.delete_folders(folder())
    assert not folders.folder.parent.exists()
    accounts.add("crm", account.customer, PASSWORD, by=by)


def test_an_upload_that_ends_after_the_removal_is_refused_or_waits_for_a_person(account: FileAccount) -> None:
    folders = uploaded(account)
    FileAccount.ever.filter(pk=account.pk).update(removed_at=timezone.now())
    with pytest.raises(NotFound):
        uploaded(account)
    assert take_in_all(folders.base) == 1, "it was acknowledged before"
    assert Delivery.objects.get().waits_for == "name"
    assert take_in_all(folders.base) == 0
