"""Undo (product.md D8): restores, and keeps and names what has changed since."""

import pytest

from instroom.core.errors import NotAllowed
from instroom.flow import delivery_document, find
from instroom.flow.delivery import undo
from instroom.flow.queries import history
from tests.contracts.customer import SampleCustomer, company, person

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise

P1 = ("person", ("HR", "1"))
FIRST = [
    person("1", first="Bo", job="Docent", group="Rol", category="Docent", free="VrijveldA", value="1")
    | company("1", name="Een", cgroup="Branche", ccategory="Zorg"),
    person("2"),
    company("2", name="Twee"),
]
SECOND = [
    person("1", first="Bob", group="Rol", category="Coach", free="VrijveldA", value="2") | company("2"),
    person("2") | company("1", name="Eén", city="Delft"),
    person("3") | company("3", name="Drie"),
]


def totals(delivery):
    return delivery_document.plan_of(delivery, "live").totals


def kept_by(delivery):
    return delivery_document.plan_of(delivery, "live").kept


@pytest.mark.on_postgresql
@pytest.mark.parametrize("environment", ["live", "training"])
def test_undo_restores_every_field_category_free_field_and_link(environment):
    customer = SampleCustomer()
    customer.import_(FIRST)
    before = customer.snapshot(environment)
    second = customer.import_(SECOND)
    assert customer.snapshot(environment) != before
    undone = customer.undo(second)
    assert customer.snapshot(environment) == before
    assert kept_by(undone) == []
    second.refresh_from_db()
    assert (undone.state, second.state) == ("imported", "undone")
    assert delivery_document.document(second)["live"]["state"] == "undone"


def test_undo_has_a_preview_and_takes_an_approval():
    customer = SampleCustomer()
    first = customer.import_(FIRST)
    one = customer.carry_on(undo.undo(first, by=find.user("approver")))
    assert one.state == "awaiting-approval"
    assert {change["action"] for change in delivery_document.changes(one, "live")} == {"removed"}
    assert len(customer.snapshot()) == 4


@pytest.mark.on_postgresql
def test_what_a_later_import_changed_is_kept_and_named():
    customer = SampleCustomer()
    customer.import_(FIRST)
    second = customer.import_(SECOND)
    customer.import_([person("1", first="Bobbie") | company("2"), person("3", job="Coach") | company("3")])
    undone = customer.undo(second)
    stored = customer.snapshot()
    assert stored[P1]["first_name"] == "Bobbie"
    assert stored[P1]["company"] == ("CRM", "1")
    assert stored[P1]["categories"] == (("Rol", "Docent"),)
    assert stored["person", ("HR", "3")]["job_title"] == "Coach"
    assert stored["company", ("CRM", "3")]["name"] == "Drie"  # its person stays, so it stays
    assert [(kept["kind"], kept["extern_id"], kept["fields"]) for kept in kept_by(undone)] == [
        ("company", "3", []),
        ("person", "1", ["first_name"]),
        ("person", "3", []),
    ]


def test_a_link_that_was_changed_since_is_kept_and_named():
    customer = SampleCustomer()
    customer.import_(FIRST)
    second = customer.import_(SECOND)
    customer.import_([person("1")])
    undone = customer.undo(second)
    assert "company" not in customer.snapshot()[P1]
    assert {"kind": "person", "extern_source": "HR", "extern_id": "1", "fields": ["company"]} in kept_by(undone)


def test_a_free_field_that_was_changed_since_is_kept():
    customer = SampleCustomer()
    customer.import_(FIRST)
    second = customer.import_([person("1", free="VrijveldA", value="2") | company("1")])
    customer.import_([person("1", free="VrijveldA", value="3") | company("1")])
    undone = customer.undo(second)
    assert customer.snapshot()[P1]["free_fields"] == {"VrijveldA": "3"}
    assert kept_by(undone)[0]["fields"] == ["free_fields"]


def test_a_free_field_set_by_a_later_import_beside_it_stays():
    customer = SampleCustomer()
    customer.import_(FIRST)
    second = customer.import_([person("1", free="VrijveldA", value="2") | company("1")])
    customer.import_([person("1", free="VrijveldB", value="9") | company("1")])
    customer.undo(second)
    assert customer.snapshot()[P1]["free_fields"] == {"VrijveldA": "1", "VrijveldB": "9"}


@pytest.mark.on_postgresql
def test_an_undo_can_be_undone():
    customer = SampleCustomer()
    customer.import_(FIRST)
    second = customer.import_(SECOND)
    after = customer.snapshot()
    undone = customer.undo(second)
    customer.undo(undone)
    assert customer.snapshot() == after == customer.snapshot("training")


def test_undo_twice_is_refused():
    customer = SampleCustomer()
    first = customer.import_(FIRST)
    undo.undo(first, by=find.user("approver"))
    with pytest.raises(NotAllowed, match="already undoes it"):
        undo.undo(first, by=find.user("approver"))


@pytest.mark.on_postgresql
def test_undo_of_what_never_came_in_live_empties_training_alone():
    customer = SampleCustomer()
    customer.import_(FIRST)
    second = customer.deliver(SECOND)
    with pytest.raises(NotAllowed):
        undo.undo(second, by=find.user("approver"))
    from instroom.flow.delivery import decide

    decide.refuse(second, "niet goed", by=find.user("approver"))
    live = customer.snapshot()
    undone = customer.undo(second)
    assert undone.state == "imported"
    assert customer.snapshot("training") == live == customer.snapshot()


@pytest.mark.on_postgresql
def test_history_tells_each_import_field_by_field():  # D9
    customer = SampleCustomer()
    customer.import_(FIRST)
    second = customer.import_(SECOND)
    undone = customer.undo(second)
    found = history.dossier(find.environment(customer.record, "live"), "person", "HR", "1", by=find.user("reader"))
    entries = list(history.history(find.environment(customer.record, "live"), found.stored, by=find.user("reader")))
    assert [entry.change["action"] for entry in entries] == ["new", "changed", "changed"]
    assert [entry.change["fields"].get("first_name") for entry in entries] == [["", "Bo"], ["Bo", "Bob"], ["Bob", "Bo"]]
    assert [entry.change["link"] for entry in entries] == [
        ["linked", None, "1"], ["relinked", "1", "2"], ["relinked", "2", "1"],
    ]  # fmt: skip
    assert entries[-1].plan.delivery == undone


def test_the_totals_of_an_undo_add_up():
    customer = SampleCustomer()
    customer.import_(FIRST)
    second = customer.import_(SECOND)
    customer.import_([person("1", first="Bobbie") | company("2"), person("3", job="Coach") | company("3")])
    shown = delivery_document.document(customer.undo(second))["live"]
    dossiers = [shown[kind][action] for kind in ("companies", "persons") for action in ("new", "changed", "unchanged")]
    assert set(shown["companies"]) == {"new", "changed", "unchanged"}
    assert sum(dossiers) + shown["left_out"] == shown["records"]
    assert shown["left_out"] == 2


def test_after_an_undo_is_itself_undone_the_first_delivery_stands_again() -> None:
    customer = SampleCustomer()
    first = customer.import_([person("1"), person("2")])
    before = customer.snapshot()
    undone = customer.undo(first)
    again = customer.undo(undone)
    assert customer.snapshot() == before
    for one in (first, undone, again):
        one.refresh_from_db()
    assert (first.state, first.reason, undone.state, again.state) == ("imported", "stands-again", "undone", "imported")
    document = delivery_document.document(first)
    assert (document["training"]["state"], document["live"]["state"]) == ("imported", "imported")
    customer.undo(first)
    first.refresh_from_db()
    assert (first.state, customer.snapshot(), customer.snapshot("training")) == ("undone", {}, {})


@pytest.mark.on_postgresql
def test_a_chain_of_undos_says_of_each_whether_it_stands() -> None:
    customer = SampleCustomer()
    chain = [customer.import_([person("1")])]
    for _ in range(4):
        chain.append(customer.undo(chain[-1]))
    for one in chain:
        one.refresh_from_db()
    assert [one.state for one in chain] == ["imported", "undone", "imported", "undone", "imported"]
    assert len(customer.snapshot()) == len(customer.snapshot("training")) == 1
