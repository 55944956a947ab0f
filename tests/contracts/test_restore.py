"""One dossier restored alone (product.md D8): a small undo of its own, with plan and approval."""

from uuid import UUID

import pytest

from instroom.core.errors import NotAllowed, NotFound
from instroom.flow import delivery_document, find
from instroom.flow.delivery import decide, undo
from instroom.flow.queries.history import find_in_live
from instroom.store.models import AuditEntry, Delivery, Plan
from tests.contracts.customer import SampleCustomer, company, person

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise

P1, P2 = ("person", ("HR", "1")), ("person", ("HR", "2"))
FIRST = [
    person("1", first="Bo", job="Docent", group="Rol", category="Docent", free="VrijveldA", value="1")
    | company("1", name="Een"),
    person("2", first="Al"),
    company("2", name="Twee"),
]
SECOND = [
    person("1", first="Bob", group="Rol", category="Coach", free="VrijveldA", value="2") | company("2"),
    person("2", first="Alex") | company("1", name="Eén"),
    person("3") | company("3", name="Drie"),
]


def ask(customer: SampleCustomer, delivery: Delivery, kind: str, number: str) -> Delivery:
    """Ask to restore one dossier; live is as it was."""
    dossier = find_in_live(customer.record, kind, "HR" if kind == "person" else "CRM", number)
    return customer.carry_on(undo.undo(delivery, by=find.user("approver"), only=dossier))


def why_not(customer: SampleCustomer, delivery: Delivery, kind: str, number: str) -> str:
    with pytest.raises(NotAllowed) as raised:
        ask(customer, delivery, kind, number)
    return raised.value.code


@pytest.mark.on_postgresql
def test_it_changes_one_dossier_and_does_what_the_whole_undo_would_do_to_it() -> None:
    customer, other = SampleCustomer(), SampleCustomer()
    for one in (customer, other):
        one.import_(FIRST)
        second = one.import_(SECOND)
        if one is customer:
            before, asked = customer.snapshot(), ask(customer, second, "person", "1")
            assert asked.state == "awaiting-approval"
            assert customer.snapshot() == before
            [change] = delivery_document.changes(asked, "live")
            assert (change["kind"], change["extern_id"], change["link"][0]) == ("person", "1", "relinked")
            customer.approve(asked)
        else:
            other.undo(second)
    for environment in ("live", "training"):
        restored = customer.snapshot(environment)
        assert restored[P1] == other.snapshot(environment)[P1]
        assert {name for name in before if restored[name] != before[name]} == {P1}
        assert set(restored) == set(before)


def test_the_delivery_stays_in_live_and_can_be_undone_as_a_whole() -> None:
    customer = SampleCustomer()
    customer.import_(FIRST)
    second = customer.import_(SECOND)
    changed = customer.snapshot()
    asked = ask(customer, second, "person", "1")
    with pytest.raises(NotAllowed) as raised:
        undo.undo(second, by=find.user("approver"))
    assert raised.value.code == "undo-under-way"
    beside = ask(customer, second, "person", "2")  # another dossier may go back meanwhile
    assert why_not(customer, second, "person", "1") == "undo-under-way"
    decide.refuse(beside, "niet nu", by=find.user("approver"))
    restored = customer.approve(asked)
    second.refresh_from_db()
    assert (restored.state, second.state) == ("imported", "imported")
    assert set(second.plans.values_list("state", flat=True)) == {Plan.IMPORTED}
    assert why_not(customer, second, "person", "1") == "dossier-changed-since"
    customer.undo(restored)
    second.refresh_from_db()
    assert (customer.snapshot(), second.state) == (changed, "imported")
    customer.undo(second)
    second.refresh_from_db()
    assert second.state == "undone"
    assert customer.snapshot()[P2]["first_name"] == "Al"
    assert why_not(customer, second, "person", "1") == "nothing-to-undo"


def test_what_hangs_together_is_said_and_stays_whole() -> None:
    customer = SampleCustomer()
    customer.import_(FIRST)
    second = customer.import_(SECOND)
    assert why_not(customer, second, "company", "3") == "company-has-persons"
    assert why_not(customer, second, "company", "2") == "dossier-not-changed"
    third = ask(customer, second, "person", "3")
    customer.approve(third)  # created by it, so restoring removes it
    with pytest.raises(NotFound):
        find_in_live(customer.record, "person", "HR", "3")
    customer.approve(ask(customer, second, "company", "3"))
    ninth = customer.import_([person("2", first="Alex") | company("9", name="Negen")])
    private = customer.import_([person("2", first="Alexander")])
    customer.undo(ninth)  # the company goes, since nobody is linked to it any more
    asked = ask(customer, private, "person", "2")
    kept = delivery_document.plan_of(asked, "live").kept  # type: ignore[union-attr]
    assert [one["fields"] for one in kept] == [["company"]]
    customer.approve(asked)
    assert customer.snapshot()[P2]["first_name"] == "Alex"
    assert "company" not in customer.snapshot()[P2]


def test_a_person_does_not_go_back_to_a_company_that_has_gone() -> None:
    customer = SampleCustomer()
    customer.import_(FIRST)
    ninth = customer.import_([person("2", first="Al") | company("9", name="Negen")])
    private = customer.import_([person("2", first="Al")])
    customer.undo(ninth)
    assert why_not(customer, private, "person", "2") == "company-has-gone"


def test_who_may_not_and_what_the_log_says() -> None:
    customer = SampleCustomer()
    customer.import_(FIRST)
    second = customer.import_(SECOND)
    dossier = find_in_live(customer.record, "person", "HR", "1")
    for name in ("supplier", "reader"):
        with pytest.raises(NotAllowed):
            undo.undo(second, by=find.user(name), only=dossier)
    with pytest.raises(NotAllowed):
        undo.undo(second, by=find.user("approver"), only=UUID(int=7))
    customer.approve(ask(customer, second, "person", "1"))
    asked = AuditEntry.objects.get(action="undo-asked", customer=customer.record)
    assert asked.facts == {"undoes": str(second.pk), "dossier": dossier.hex}
    assert AuditEntry.objects.get(action="dossier-restored", customer=customer.record).delivery == second
    assert asked.delivery is not None
    assert set(asked.delivery.sources.values_list("source", flat=True)) == {"HR", "CRM"}  # with both companies
