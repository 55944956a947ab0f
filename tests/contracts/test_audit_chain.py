"""The audit log is append-only and a chain: what is changed behind the back of Instroom is found (product.md G2)."""

import hashlib
import json
import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from instroom.flow import audit, find
from instroom.flow.operations.init import add_customer
from instroom.flow.queries import audit_log
from instroom.flow.queries.audit_verification import verify, verify_all, verify_anchor
from instroom.store import audit_chain
from instroom.store.models import AuditEntry, AuditHead, Customer, Role
from tests.audit_rules import rules_lifted


@pytest.fixture
def customer() -> Customer:
    """With five entries, of which each may hold what JSON can."""
    add_customer("ons", "Ons", {"baas": (Role.OPERATOR,)})
    ons = find.customer("ons")
    for fact in (1, "é\u2028😀", None, {"b": [0.5, True], "a": {}}, ("x", 2**40)):
        audit.note(ons, "failed", find.user("baas"), fact=fact)
    return ons


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


REFUSED = (
    "UPDATE store_auditentry SET action = 'x' WHERE number = 2",
    "UPDATE store_auditentry SET number = number",
    "DELETE FROM store_auditentry WHERE number = 5",
    "DELETE FROM store_auditentry",
)
REFUSED_BY = {
    "postgresql": ("TRUNCATE store_auditentry", "TRUNCATE store_auditentry CASCADE"),
    "sqlite": (
        "INSERT OR REPLACE INTO store_auditentry SELECT * FROM store_auditentry",
        "INSERT OR REPLACE INTO store_auditentry (id, customer_id, at, action, facts, number, hash)"
        " SELECT 'new', customer_id, at, 'x', facts, number, hash FROM store_auditentry",
    ),
}


def test_the_database_refuses_to_change_an_entry(customer: Customer) -> None:
    before = list(AuditEntry.objects.order_by("number").values())
    for statement in (*REFUSED, *REFUSED_BY[connection.vendor]):
        with pytest.raises(DatabaseError, match="append-only"):
            sql(statement)
    assert list(AuditEntry.objects.order_by("number").values()) == before
    assert verify(customer)[2:] == (before[-1]["hash"], None, 0)


ADD = (
    "INSERT INTO store_auditentry (id, customer_id, at, action, facts, number, hash)"
    " SELECT '01890000000070008000000000000000', customer_id, at, 'x', '{{}}', {}, hash"
    " FROM store_auditentry WHERE number = 3"
)
TAMPERED: dict[str, tuple[str, int]] = {
    "UPDATE store_auditentry SET action = 'x' WHERE number = 3": ("changed", 3),
    "UPDATE store_auditentry SET facts = '{}' WHERE number = 5": ("changed", 5),
    "UPDATE store_auditentry SET user_id = NULL WHERE number = 1": ("changed", 1),
    "UPDATE store_auditentry SET customer_id = NULL WHERE number = 4": ("removed", 4),
    "UPDATE store_auditentry SET number = 9 WHERE number = 4; UPDATE store_auditentry SET number = 4 WHERE number = 5;"
    " UPDATE store_auditentry SET number = 5 WHERE number = 9": ("changed", 4),
    "DELETE FROM store_auditentry WHERE number = 1": ("removed", 1),
    "DELETE FROM store_auditentry WHERE number = 3": ("removed", 3),
    "DELETE FROM store_auditentry WHERE number = 5": ("removed", 5),
    "DELETE FROM store_auditentry": ("removed", 1),
    "DELETE FROM store_audithead": ("added", 1),
    "UPDATE store_audithead SET hash = 'x'": ("end", 5),
    "UPDATE store_audithead SET number = 4": ("end", 4),
    "UPDATE store_audithead SET seal = 'x'": ("end", 5),
    ADD.format(6): ("added", 6),
    ADD.format(0): ("added", 0),
    ADD.format(-1): ("added", -1),
}


@pytest.mark.parametrize("statement", TAMPERED)
def test_what_was_tampered_with_is_found(customer: Customer, statement: str) -> None:
    assert verify(customer).fault is None
    with rules_lifted():
        for one in statement.split(";"):
            sql(one)
    found = verify(customer)
    assert (found.fault, found.at) == TAMPERED[statement]


def test_a_chain_that_is_made_anew_is_found(customer: Customer) -> None:
    anchor = verify(customer)
    last = ""
    with rules_lifted():
        for entry in AuditEntry.objects.filter(number__lt=5).order_by("number"):
            entry.action = "imported"
            entry.hash = last = audit_chain.hash_of(audit_chain.content_of(entry, entry.number, last))
            entry.save()
        AuditEntry.objects.filter(number=5).delete()
    AuditHead.objects.update(number=4, hash=last)
    assert verify(customer).fault == "end"
    AuditHead.objects.update(seal=audit_chain.seal(f"{audit_chain.SITE} 4 {last}", "audit-head"))
    assert verify(customer).fault == "end", "the seal of another chain"
    audit_chain.set_head(customer.pk, 4, last)  # who has the site's key as well
    assert verify(customer).fault is None
    assert verify_anchor(customer, 5, anchor.hash).fault == "removed"
    assert verify_anchor(customer, 4, anchor.hash).fault == "changed"


def test_what_is_undone_has_no_place_and_no_number_is_left_out(customer: Customer) -> None:
    with transaction.atomic():
        audit.note(None, "signed-out")
        audit.note(customer, "failed", first=True)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            audit.note(customer, "failed", undone=True)
            raise ZeroDivisionError
        audit.note(customer, "failed", second=True)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        audit.note(customer, "failed", undone=True)
        raise ZeroDivisionError
    assert [(one.number, one.facts) for one in AuditEntry.objects.filter(customer=customer, number__gt=5)] == [
        (6, {"first": True}), (7, {"second": True}),
    ]  # fmt: skip
    assert [(one.customer, one.number, one.fault) for one in verify_all()] == [(None, 1, None), ("ons", 7, None)]


def test_nothing_is_stored_that_has_no_place(customer: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    def keyless(*_: object) -> str:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(audit_chain, "seal", keyless)
        with pytest.raises(RuntimeError), transaction.atomic():
            audit.note(customer, "failed")
            Customer.objects.update(title="Anders")
    assert (verify(customer).number, find.customer("ons").title) == (5, "Ons")


def test_many_write_at_once(customer: Customer) -> None:
    """Each writes to both chains, in either order, and holds what others wait for: nobody waits in a circle."""
    ready, failed = threading.Barrier(4), []

    def write(turn: int) -> None:
        try:
            ready.wait()
            for number in range(5):
                with transaction.atomic():
                    for one in ((customer, None), (None, customer))[turn % 2]:
                        audit.note(one, "failed", turn=turn, number=number)
                        Customer.objects.select_for_update().get(pk=customer.pk)
        except DatabaseError as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[turn]) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert [(one.number, one.fault) for one in verify_all()] == [(20, None), (25, None)]


def test_the_oldest_go_in_one_way_alone(customer: Customer) -> None:
    anchor = verify(customer)
    with rules_lifted():
        AuditEntry.objects.filter(number__lte=3).update(at=timezone.now() - timedelta(days=9))
        rechain(customer)
    kept = verify(customer)
    moment = timezone.now() - timedelta(days=1)
    assert [audit.trim(customer, moment), audit.trim(customer, moment)] == [3, 0]
    numbers = AuditEntry.objects.order_by("number").values_list("number", "action")
    assert list(numbers) == [(4, "failed"), (5, "failed"), (6, "audit-trimmed")]
    assert (verify(customer).number, verify(customer).fault) == (6, None)
    assert anchor.hash != kept.hash
    assert [verify_anchor(customer, number, kept.hash).fault for number in (2, 3, 5, 6)] == [
        None,
        "changed",
        None,
        "changed",
    ]
    with pytest.raises(DatabaseError, match="append-only"):
        audit_chain.delete_until(customer.pk, 4)
    with rules_lifted():
        AuditEntry.objects.filter(number=4).delete()
    assert (verify(customer).fault, verify(customer).at) == ("removed", 1)


@pytest.mark.on_sqlite_alone
def test_an_export_is_verified_by_anybody(customer: Customer) -> None:
    lines = [json.loads(json.dumps(one)) for one in audit_log.export_chain(customer, by=find.user("baas"))]
    previous = ""
    for line in lines:
        known = line.pop("hash")
        text = json.dumps(line, sort_keys=True, separators=(",", ":"))
        assert (hashlib.sha256(text.encode()).hexdigest(), line["previous"]) == (known, previous)
        previous = known
    assert [line["number"] for line in lines] == [1, 2, 3, 4, 5, 6]
    assert (lines[-1]["action"], previous) == ("audit-exported", verify(customer).hash)


def rechain(customer: Customer) -> None:
    """As if the entries had been written like this."""
    last = ""
    for entry in AuditEntry.objects.filter(customer=customer).order_by("number"):
        entry.hash = last = audit_chain.hash_of(audit_chain.content_of(entry, entry.number, last))
        entry.save()
    audit_chain.set_head(customer.pk, 5, last)
