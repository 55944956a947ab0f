"""The way of a delivery: who decides what, and what happens when live moves (product.md D)."""

import pytest

from instroom.core.errors import NotAllowed, NotFound
from instroom.flow import delivery_document, find
from instroom.flow.delivery import decide, receive, refresh
from instroom.flow.delivery.release import release
from instroom.store import models
from instroom.store.leases import held
from instroom.store.sql import findings
from tests.contracts.customer import SampleCustomer, company, person
from tests.kept_files import kept, path_of

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise


def test_training_first_then_live_after_approval():  # D2, D3
    customer = SampleCustomer()
    delivery = customer.deliver([person("1")])
    assert delivery.state == "awaiting-approval"
    assert len(customer.snapshot("training")) == 1
    assert customer.snapshot() == {}
    customer.approve(delivery)
    assert delivery.decided_by.username == "approver"
    assert delivery.decided_at is not None
    assert delivery.approved_digest == delivery_document.plan_of(delivery, "live").digest
    assert [entry.action for entry in delivery.audit.order_by("pk")] == [
        "received", "training", "trained", "approved", "imported",
    ]  # fmt: skip


def test_only_who_may_approve_approves():
    customer = SampleCustomer()
    delivery = customer.deliver([person("1")])
    for name in ("supplier", "reader"):
        with pytest.raises(NotAllowed):
            decide.approve(delivery, by=find.user(name))
    with pytest.raises(NotFound):
        decide.approve(delivery, by=find.user("nobody"))


@pytest.mark.on_postgresql
def test_of_two_who_decide_at_once_one_gets_an_answer():
    customer = SampleCustomer()
    delivery = customer.deliver([person("1")])
    same = models.Delivery.objects.get(pk=delivery.pk)
    decide.refuse(delivery, "niet goed", by=find.user("approver"))
    with pytest.raises(NotAllowed) as told:
        decide.approve(same, by=find.user("operator"))
    assert "approver is met deze aanlevering al niet akkoord gegaan, op " in told.value.sentence("nl")
    assert customer.snapshot() == {}


def test_a_refusal_takes_a_reason():
    customer = SampleCustomer()
    delivery = customer.deliver([person("1")])
    with pytest.raises(NotAllowed):
        decide.refuse(delivery, "  ", by=find.user("approver"))
    decide.refuse(delivery, "verkeerd bestand", by=find.user("approver"))
    assert (delivery.state, delivery.reason) == ("refused", "verkeerd bestand")


@pytest.mark.on_postgresql
def test_where_live_changed_and_the_plan_with_it_that_goes_back():  # D5
    customer = SampleCustomer()
    customer.import_([person("1", first="Bo")])
    slow = customer.deliver([person("1", first="Bob")])
    customer.import_([person("1", first="Bobbie")])
    digest = delivery_document.plan_of(slow, "live").digest
    customer.approve(slow)
    assert (slow.state, slow.reason) == ("awaiting-approval", "live-changed")
    assert delivery_document.plan_of(slow, "live").digest != digest
    assert next(delivery_document.changes(slow, "live"))["fields"] == {"first_name": ["Bobbie", "Bob"]}
    assert slow.decided_by is None
    customer.approve(slow)
    assert slow.state == "imported"
    assert customer.snapshot()["person", ("HR", "1")]["first_name"] == "Bob"


def test_where_live_changed_elsewhere_the_plan_is_executed():  # D5
    customer = SampleCustomer()
    customer.import_([person("1", first="Bo"), person("2")])
    slow = customer.deliver([person("1", first="Bob")])
    customer.import_([person("2", first="An")])
    assert customer.approve(slow).state == "imported"


def test_where_live_changed_and_the_plan_stays_the_same_it_is_executed():  # D5
    customer = SampleCustomer()
    customer.import_([person("1", first="Bo")])
    slow = customer.deliver([person("1", first="Bob")])
    customer.import_([person("1", job="Coach")])
    assert customer.approve(slow).state == "imported"
    assert customer.snapshot()["person", ("HR", "1")]["first_name"] == "Bob"


@pytest.mark.on_postgresql
def test_a_key_that_came_meanwhile_is_no_second_dossier():  # D5
    customer = SampleCustomer()
    slow = customer.deliver([person("1", first="Bo")])
    customer.import_([person("1", first="An")])
    customer.approve(slow)
    assert slow.state == "awaiting-approval"
    customer.approve(slow)
    assert customer.snapshot() == {
        ("person", ("HR", "1")): {"extern_id": "1", "surname": "Voorbeeld", "first_name": "Bo", "active": "Ja"}
    }


@pytest.mark.on_postgresql
def test_a_repeated_execution_has_no_second_effect():  # D6
    customer = SampleCustomer()
    delivery = customer.import_([person("1")])
    before = customer.snapshot()
    with held(delivery.customer_id) as lease:
        release(delivery, lease)
    assert customer.snapshot() == before
    assert delivery.state == "imported"
    with pytest.raises(NotAllowed):
        decide.approve(delivery, by=find.user("approver"))


def test_a_newer_delivery_of_a_connection_supersedes_an_older_one_that_waits():  # D7
    customer = SampleCustomer()
    models.Connection.objects.create(customer=customer.record, name="nacht")
    older = customer.deliver([person("1")], connection="nacht")
    other = customer.deliver([person("3")])
    newer = customer.deliver([person("2")], connection="nacht")
    older.refresh_from_db()
    other.refresh_from_db()
    assert (older.state, other.state, newer.state) == ("superseded", "awaiting-approval", "awaiting-approval")


def test_a_rejected_newer_delivery_supersedes_nothing():  # D7
    customer = SampleCustomer()
    models.Connection.objects.create(customer=customer.record, name="nacht")
    older = customer.deliver([person("1")], connection="nacht")
    assert customer.deliver([person("2", born="x")], connection="nacht").state == "rejected"
    older.refresh_from_db()
    assert older.state == "awaiting-approval"


@pytest.mark.on_postgresql
def test_deliveries_are_carried_on_in_their_order():  # D7
    customer = SampleCustomer()
    first = customer.receive([person("1", first="Bo")])
    second = customer.receive([person("1", first="Bob")])
    customer.carry_on(second)
    assert customer.snapshot("training")["person", ("HR", "1")]["first_name"] == "Bob"
    first.refresh_from_db()
    assert first.state == second.state == "awaiting-approval"


def test_what_only_training_lacks_is_left_out_there_and_said():  # D2
    customer = SampleCustomer()
    customer.import_([company("1", name="Een")])
    models.Company.objects.filter(environment=customer.environment("training")).delete()
    delivery = customer.deliver([person("1") | company("1"), person("2")])
    assert delivery.verdict == "clean"
    shown = delivery_document.document(delivery)
    assert (shown["training"]["left_out"], shown["live"]["left_out"]) == (1, 0)
    assert delivery_document.plan_of(delivery, "training").totals["wanting_company"] == 1
    customer.approve(delivery)
    assert customer.snapshot()["person", ("HR", "1")]["company"] == ("CRM", "1")


@pytest.mark.on_postgresql
def test_training_is_refreshed_from_live():  # D2
    customer = SampleCustomer()
    customer.import_([person("1", group="Rol", category="Docent") | company("1", name="Een")])
    refused = customer.deliver([person("9")])
    decide.refuse(refused, "nee", by=find.user("approver"))
    assert refresh.refresh_training(customer.record, by=find.user("operator")) == {"company": 1, "person": 1}
    assert customer.snapshot("training") == customer.snapshot()
    with pytest.raises(NotAllowed):
        refresh.refresh_training(customer.record, by=find.user("supplier"))


def test_every_delivery_is_kept_before_it_is_known(tmp_path):

    customer = SampleCustomer()
    path = tmp_path / "leeg.csv"
    path.write_bytes(b"")
    delivery = receive.receive(path, customer.record, by=find.user("supplier"))
    assert kept(delivery) == b""
    customer.carry_on(delivery)
    assert (delivery.state, delivery.reason) == ("rejected", "file")
    assert customer.codes(delivery) == [("file-empty", None)]


def test_of_a_delivery_whose_kept_file_was_changed_nothing_is_imported():
    customers = [SampleCustomer(), SampleCustomer()]
    first, second = (one.receive([person(one.name, surname="Vermeulen-Oost")]) for one in customers)
    paths = [path_of(one.file_key) for one in (first, second)]
    assert all(b"Vermeulen-Oost" not in one.read_bytes() for one in paths)
    paths[0].write_bytes(paths[1].read_bytes())
    paths[1].write_bytes(paths[1].read_bytes()[:-1] + b"?")
    for customer, one in zip(customers, (first, second), strict=True):
        customer.carry_on(one)
        assert (one.state, one.cause, one.failures) == ("checking", "file-changed", 1)
        assert customer.snapshot() == customer.snapshot("training") == {}


def test_the_counts_of_an_environment_are_what_it_holds():
    from instroom.store.sql.dossier_counts import count_dossiers

    customer = SampleCustomer()
    first = customer.import_([person("1") | company("1", name="Een"), person("2"), company("2", name="Twee")])
    customer.undo(customer.import_([person("3"), company("3", name="Drie")]))
    customer.import_([person("4")])
    refresh.refresh_training(customer.record, by=find.user("operator"))
    for name in ("training", "live"):
        place = customer.environment(name)
        assert count_dossiers(place) == {"company": 2, "person": 3}
        assert models.Person.objects.filter(environment=place).count() == 3
    customer.undo(first)
    assert count_dossiers(customer.environment()) == {"company": 0, "person": 1}


def test_header_findings_of_a_delivery_stand_as_those_of_the_check(tmp_path):
    from instroom.core.layout.standard import standard
    from instroom.core.pipeline import check_file

    headers = list(standard().headers)
    headers[3:3] = ["Kleur"]
    headers[60] = "Achternaam"
    path = tmp_path / "kop.csv"
    path.write_text(";".join(headers) + "\r\n" + ";".join(["x"] * len(headers)) + "\r\n", encoding="utf-8")
    customer = SampleCustomer()
    found = findings.stored(customer.deliver(path))
    assert [item.code for item in found][:2] == ["column-added", "column-renamed"]
    checked, _ = check_file(path, standard(), name="kop.csv", environment=True)
    assert found == list(checked.findings)
