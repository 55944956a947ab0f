"""What is kept of persons goes when its time is over, and not before (product.md G3)."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from instroom.core.errors import NotAllowed, NotFound
from instroom.core.retention import months_later
from instroom.flow import audit, delivery_document, find
from instroom.flow.delivery import decide
from instroom.flow.delivery.answer import answer_of
from instroom.flow.delivery.forget import kept_until
from instroom.flow.delivery.refresh import refresh_training
from instroom.flow.delivery.reports import make_asked
from instroom.flow.delivery.undo import is_undoable, undo
from instroom.flow.file_server import accounts
from instroom.flow.file_server.account_answers import answer_all, is_kept_answer
from instroom.flow.operations import customer_settings
from instroom.flow.operations.ageing import age
from instroom.flow.operations.cleaning import clean
from instroom.flow.queries import history
from instroom.flow.queries.retention_outlook import outlook
from instroom.store.files import uploads
from instroom.store.models import AuditEntry, Delivery, StoredChange
from instroom.store.sql import findings, records
from tests.contracts.customer import SampleCustomer, company, person
from tests.kept_files import path_of

ROWS = [company("1", name="Een") | person("1"), person("2", job="n.v.t.")]
BOTH = {"training", "live"}


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[float], None]]:
    """Move the clock so many days on."""
    now, passed = timezone.now, timedelta()

    def wait(days: float) -> None:
        nonlocal passed
        passed += timedelta(days=days)

    monkeypatch.setattr(timezone, "now", lambda: now() + passed)
    yield wait


def left_of(delivery: Delivery) -> tuple[bool, int, set[str]]:
    """Whether its file is there, how many findings are listed, and the environments with values in its plans."""
    delivery.refresh_from_db()
    there = path_of(delivery.file_key).exists()
    changes = StoredChange.objects.filter(plan__delivery=delivery).exclude(sealed=b"")
    return there, len(findings.stored(delivery)), set(changes.values_list("environment__name", flat=True))


def test_a_file_and_what_was_found_in_it_go_after_thirty_days(wait: Callable[[float], None]) -> None:
    customer, other = SampleCustomer(), SampleCustomer()
    customer_settings.save(other.record, {"keep_files_days": 31}, by=find.user("operator"))
    delivery, of_other = (one.import_(ROWS) for one in (customer, other))
    before, document = left_of(delivery), delivery_document.document(delivery)
    assert before == (True, 1, BOTH)
    wait(29.9)
    assert (age(), left_of(delivery)) == ({}, before)
    wait(0.2)
    assert age() == {"files": 1, "findings": 1}
    assert (left_of(delivery), left_of(of_other)) == ((False, 0, BOTH), before), "the ledger stays"
    assert delivery_document.document(delivery) == document
    assert findings.stored(delivery).counts() == {("warning", "value-nothing", "PersoonFunctie"): 1}
    with pytest.raises(NotFound):
        answer_of(delivery)
    [entry] = AuditEntry.objects.filter(action="values-removed")
    assert (entry.customer, entry.facts) == (customer.record, {"counts": {"files": 1, "findings": 1}})
    wait(1)
    assert age() == {"files": 1, "findings": 1}
    assert left_of(of_other) == (False, 0, BOTH)


def test_a_delivery_keeps_what_it_needs_until_its_end(wait: Callable[[float], None]) -> None:
    customer = SampleCustomer()
    waits, received = customer.deliver(ROWS), customer.receive(ROWS)
    wait(400)
    assert age() == {}
    customer.carry_on(received)
    decide.refuse(waits, by=find.user("approver"), reason="Nee")
    decide.withdraw(received, by=find.user("supplier"))
    wait(29)
    assert (age(), left_of(waits)) == ({}, (True, 1, BOTH))
    wait(2)
    assert age() == {"files": 2, "findings": 2, "plans": 2}
    assert left_of(waits) == (False, 0, {"training"}), "it can be undone there"
    refresh_training(customer.record, by=find.user("operator"))
    assert age() == {"plans": 2}
    assert left_of(waits) == (False, 0, set())


@pytest.mark.on_sqlite_alone
def test_an_import_can_be_undone_for_five_years(wait: Callable[[float], None]) -> None:
    customer, by = SampleCustomer(), find.user("approver")
    customer_settings.save(customer.record, {"keep_audit_months": 240}, by=find.user("operator"))
    imported, undone = (customer.import_([person(number, born="31-03-1980")]) for number in "12")
    live = customer.environment()
    wait(5 * 365.2425 - 2)
    age()
    assert (left_of(imported)[2], is_undoable(imported)) == (BOTH, True)
    begun = undo(undone, by=by)
    wait(4)
    assert age() == {"imports": 2}
    assert (left_of(imported)[2], left_of(undone)[2]) == (set(), BOTH), "what is being undone is needed"
    assert is_undoable(imported) is False
    with pytest.raises(NotAllowed, match=f"{timezone.localtime():%Y}"):
        undo(imported, by=by)
    assert customer.approve(customer.carry_on(begun)).state == "imported"
    assert [stored.extern_id for stored in records.all_dossiers(live.id.hex, "person")] == ["1"]
    seen = history.dossier(live, "person", "HR", "1", by=by)
    [entry] = history.history(live, seen.stored, by=by)
    assert (entry.plan.values_removed_at is None, entry.change["action"], entry.change["fields"]) == (False, "new", {})


@pytest.mark.on_sqlite_alone
def test_what_has_gone_is_not_in_the_database_any_more(instroom_home: Path, wait: Callable[[float], None]) -> None:
    customer, secret = SampleCustomer(), "Onvindbaar"
    refused = customer.deliver([person("1", surname=secret, job="n.v.t.")])
    decide.refuse(refused, by=find.user("approver"), reason="Nee")
    refresh_training(customer.record, by=find.user("operator"))
    wait(31)
    clean()
    assert left_of(refused) == (False, 0, set())
    stored = b"".join(one.read_bytes() for one in instroom_home.glob("instroom.sqlite3*"))
    assert (b"SQLite" in stored, secret.encode() in stored) == (True, False)


@pytest.mark.on_sqlite_alone
def test_an_answer_at_the_file_server_goes_with_the_delivery(
    instroom_home: Path, monkeypatch: pytest.MonkeyPatch, wait: Callable[[float], None]
) -> None:
    monkeypatch.setattr(uploads, "_ORPHAN", -1)
    customer, base = SampleCustomer(), instroom_home / "ftp"
    account = accounts.add("hr", customer.record, "een lang wachtwoord 5", by=find.user("operator"))
    folders = uploads.AccountFolders(base, account.pk.hex)
    customer.deliver(ROWS, by=account)
    make_asked()
    assert answer_all(base) == 1
    answers = {one.name for one in folders.folder.iterdir()}
    assert answers == {"personen.csv.rapport.xlsx", "personen.csv.rapport.json"}
    uploads.tidy(base, -1, is_kept_answer)
    assert {one.name for one in folders.folder.iterdir()} == answers
    decide.withdraw(Delivery.objects.get(), by=find.user("supplier"))
    wait(31)
    age()
    uploads.tidy(base, -1, is_kept_answer)
    assert list(folders.folder.iterdir()) == []


@pytest.mark.on_sqlite_alone
def test_lines_of_the_audit_log_go_after_seven_years(wait: Callable[[float], None]) -> None:
    customer = SampleCustomer()
    audit.note(customer.record, "plan-seen")
    audit.note(None, "signed-out")
    wait(7 * 365.2425 - 2)
    assert age() == {}
    audit.note(customer.record, "plan-seen")
    wait(4)
    assert age() == {"audit lines": 2}
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {"plan-seen", "values-removed", "audit-trimmed"}


@pytest.mark.on_sqlite_alone
def test_what_is_kept_is_told_with_when_it_goes(wait: Callable[[float], None]) -> None:
    customer, by = SampleCustomer(), find.user("operator")
    ended, waits = customer.import_(ROWS), customer.deliver(ROWS)
    wait(1)
    told = {one.name: one for one in outlook(customer.record, by=by)}
    assert {name: one.amount for name, one in told.items() if name not in ("audit", "mails")} == {
        "files": 2, "findings": 2, "plans": 1, "imports": 3, "calls": 0,
    }  # fmt: skip
    assert ended.finished_at
    assert (told["files"].oldest, told["files"].goes_at) == (ended.received_at, kept_until(ended))
    assert told["imports"].goes_at == months_later(ended.finished_at, 60)
    assert (told["plans"].goes_at, kept_until(waits)) == (None, None)
    with pytest.raises(NotAllowed):
        outlook(customer.record, by=find.user("supplier"))


@pytest.mark.on_sqlite_alone
def test_what_cannot_go_of_one_customer_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch, wait: Callable[[float], None]
) -> None:
    first, second = (SampleCustomer().import_(ROWS) for _ in range(2))
    wait(31)
    remove = findings.remove_values

    def fails_at_the_first(delivery: Delivery) -> int:
        if delivery.pk == first.pk:
            raise OSError
        return remove(delivery)

    monkeypatch.setattr(findings, "remove_values", fails_at_the_first)
    assert age() == {"files": 1, "findings": 1}
    assert (left_of(first), left_of(second)) == ((True, 1, BOTH), (False, 0, BOTH))
