"""A corrected file is the next version of the same delivery (product.md D7)."""

from pathlib import Path

import pytest

from instroom.core.errors import NotAllowed, NotFound
from instroom.core.model import Policies
from instroom.flow import find
from instroom.flow.delivery import decide, receive, versions
from instroom.flow.delivery.undo import undo
from instroom.store import models
from tests.contracts.customer import Row, SampleCustomer, person, write_csv

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise


def correct(
    customer: SampleCustomer, delivery: models.Delivery, *rows: Row, folder: Path, **options: object
) -> models.Delivery:
    """Deliver a corrected file and carry on until a person is needed."""
    path = write_csv(folder / "hersteld.csv", rows)
    one = receive.receive(path, customer.record, by=find.user("supplier"), corrects=delivery, **options)
    customer.carry_on(one)
    delivery.refresh_from_db()
    return one


@pytest.mark.on_postgresql
def test_a_corrected_file_takes_over_what_was_agreed(tmp_path: Path):
    customer = SampleCustomer()
    models.Connection.objects.create(customer=customer.record, name="nacht")
    first = customer.deliver([person("1", born="31-02-1980")], connection="nacht", blank="clear", skip_limit_percent=7)
    second = correct(customer, first, person("1", born="01-02-1980"), folder=tmp_path)
    assert (first.state, second.state) == ("rejected", "awaiting-approval")
    assert second.corrects == first
    assert second.connection.name == "nacht"
    assert second.policies == Policies("clear", "whole", 7)._asdict()
    third = correct(customer, second, person("1"), folder=tmp_path, policies={"on_error": "skip"})
    assert third.policies == Policies("clear", "skip", 7)._asdict()


@pytest.mark.on_postgresql
@pytest.mark.parametrize("state", ["awaiting-approval", "scheduled"])
def test_a_version_that_waits_is_superseded_when_the_next_one_waits(tmp_path: Path, state: str):  # D7
    customer = SampleCustomer()
    first = customer.deliver([person("1")])
    if state == "scheduled":
        from datetime import UTC, datetime

        decide.approve(first, by=find.user("approver"), at=datetime(2100, 1, 1, tzinfo=UTC))
    assert first.state == state
    second = correct(customer, first, person("2"), folder=tmp_path)
    assert (first.state, second.state) == ("superseded", "awaiting-approval")
    assert first.finished_at is not None
    assert first.audit.get(action="superseded").facts == {"by": str(second.pk)}
    with pytest.raises(NotAllowed):
        decide.approve(first, by=find.user("approver"))


def test_a_corrected_file_that_is_rejected_takes_nothing_away(tmp_path: Path):
    customer = SampleCustomer()
    first = customer.deliver([person("1")])
    second = correct(customer, first, person("2", born="31-02-1980"), folder=tmp_path)
    assert (first.state, second.state) == ("awaiting-approval", "rejected")
    third = correct(customer, second, person("2"), folder=tmp_path)
    assert third.state == "awaiting-approval"
    first.refresh_from_db()
    assert first.state == "superseded"


def test_a_corrected_file_comes_after_the_newest_version_whichever_is_named(tmp_path: Path):
    customer = SampleCustomer()
    first = customer.deliver([person("1", born="31-02-1980")])
    second = correct(customer, first, person("1", born="y"), folder=tmp_path)
    third = correct(customer, first, person("1"), folder=tmp_path)
    assert third.corrects == second
    for one in (first, second, third):
        assert versions.versions_of(one) == [first, second, third]


def test_other_deliveries_are_no_versions(tmp_path: Path):
    customer = SampleCustomer()
    other = customer.deliver([person("7")])
    first = customer.deliver([person("1")])
    correct(customer, first, person("1"), folder=tmp_path)
    other.refresh_from_db()
    assert other.state == "awaiting-approval"
    assert versions.versions_of(other) == [other]


@pytest.mark.parametrize("action", ["withdraw", "refuse"])
def test_what_was_taken_back_or_refused_can_be_mended(tmp_path: Path, action: str):
    customer = SampleCustomer()
    first = customer.deliver([person("1")])
    if action == "withdraw":
        decide.withdraw(first, by=find.user("supplier"))
    else:
        decide.refuse(first, "verkeerd bestand", by=find.user("approver"))
    before = first.state
    assert correct(customer, first, person("1"), folder=tmp_path).state == "awaiting-approval"
    assert first.state == before


def test_what_is_in_live_or_on_its_way_is_not_mended(tmp_path: Path):
    customer = SampleCustomer()
    early = customer.receive([person("1")])
    with pytest.raises(NotAllowed):
        correct(customer, early, person("2"), folder=tmp_path)
    customer.carry_on(early)
    decide.approve(early, by=find.user("approver"))
    with pytest.raises(NotAllowed):
        correct(customer, early, person("2"), folder=tmp_path)
    customer.carry_on(early)
    assert early.state == "imported"
    with pytest.raises(NotAllowed):
        correct(customer, early, person("2"), folder=tmp_path)
    with pytest.raises(NotAllowed):
        correct(customer, undo(early, by=find.user("approver")), person("2"), folder=tmp_path)


def test_nobody_corrects_what_is_of_another_customer(tmp_path: Path):
    customer, other = SampleCustomer(), SampleCustomer()
    with pytest.raises(NotFound):
        correct(customer, other.deliver([person("1")]), person("2"), folder=tmp_path)


@pytest.mark.on_postgresql
def test_findings_are_gone_new_or_still_there(tmp_path: Path):
    customer = SampleCustomer()
    first = customer.deliver([person("1", born="31-02-1980"), person("2", born="y"), person("3", email="geen-adres")])
    second = correct(customer, first, person("9"), person("2", born="y"), person("3", born="z"), folder=tmp_path)
    between = versions.compared(second, versions.versions_of(second))
    assert between is not None
    assert (between.before, between.same_file) == (first, False)
    assert [tuple(fate) for fate in between.fates] == [("value-date", 1, 1, 1), ("value-email", 1, 0, 0)]
    assert versions.compared(first, versions.versions_of(first)) is None


def test_the_same_file_again_is_told(tmp_path: Path):
    customer = SampleCustomer()
    first = customer.deliver([person("1", born="31-02-1980")])
    second = correct(customer, first, person("1", born="31-02-1980"), folder=tmp_path)
    between = versions.compared(second, versions.versions_of(second))
    assert between is not None
    assert between.same_file
    assert [tuple(fate) for fate in between.fates] == [("value-date", 0, 1, 0)]
