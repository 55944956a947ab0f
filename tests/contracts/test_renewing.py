"""Nobody decides on a plan that live has moved past: it is made anew for who looks at it (product.md D5)."""

from dataclasses import dataclass

import pytest

from instroom.core.errors import NotAllowed
from instroom.flow import delivery_document, find
from instroom.flow.delivery import advance, decide, renewing, undo
from instroom.flow.delivery.renewing import latest_renewal, renew_where_outdated
from instroom.flow.passing_by import PassedBy
from instroom.store.models import Delivery, Plan
from tests.contracts.customer import SampleCustomer, person
from tests.kept_files import path_of

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise


@dataclass
class Passed:
    """A delivery of Bob, who came to live as Bobbie after its plan was made."""

    customer: SampleCustomer
    delivery: Delivery
    seen: str

    def digest(self) -> str:
        return digest_of(self.delivery)


def digest_of(delivery: Delivery) -> str:
    plan = delivery_document.plan_of(delivery, "live")
    assert plan is not None
    return plan.digest


@pytest.fixture
def passed() -> Passed:
    customer = SampleCustomer()
    delivery = customer.deliver([person("1", first="Bob")])
    seen = digest_of(delivery)
    customer.import_([person("1", first="Bobbie")])
    delivery.refresh_from_db()
    return Passed(customer, delivery, seen)


def is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on one record is a large plan."""
    monkeypatch.setattr("instroom.flow.delivery.renewing._AT_ONCE", 0)


@pytest.mark.on_postgresql
def test_who_looks_sees_what_would_happen_now(passed: Passed) -> None:
    assert renew_where_outdated(passed.delivery, by=find.user("approver")) == "renewed"
    assert passed.digest() != passed.seen
    assert next(delivery_document.changes(passed.delivery, "live"))["fields"] == {"first_name": ["Bobbie", "Bob"]}
    told, moved = latest_renewal(passed.delivery), Plan.objects.filter(executed_at__isnull=False).latest("executed_at")
    assert told is not None
    assert (told.live_changed, told.differences) == (moved.executed_at, {"different": 1})
    assert renew_where_outdated(passed.delivery, by=find.user("approver")) == "current"
    assert passed.delivery.audit.get(action="plan-renewed").user == find.user("approver")


@pytest.mark.on_postgresql
def test_who_approves_what_they_saw_before_is_told_so_at_once(passed: Passed) -> None:
    with pytest.raises(NotAllowed) as told:
        decide.approve(passed.delivery, by=find.user("approver"), seen=passed.seen)
    assert told.value.code == "plan-changed"
    passed.delivery.refresh_from_db()
    assert (passed.delivery.state, passed.delivery.reason) == ("awaiting-approval", "")
    assert passed.delivery.decided_by is None
    decide.approve(passed.delivery, by=find.user("approver"), seen=passed.digest())
    assert passed.customer.carry_on(passed.delivery).state == "imported"
    assert "live-changed" not in passed.delivery.audit.values_list("action", flat=True)


@pytest.mark.on_postgresql
def test_a_large_plan_is_made_anew_by_the_worker(passed: Passed, monkeypatch: pytest.MonkeyPatch) -> None:
    is_large(monkeypatch)
    assert [renew_where_outdated(passed.delivery, by=find.user("approver")) for _ in range(2)] == ["asked", "asked"]
    with pytest.raises(NotAllowed) as told:
        decide.approve(passed.delivery, by=find.user("approver"), seen=passed.seen)
    assert told.value.code == "plan-outdated"
    assert passed.delivery.audit.get(action="plan-asked").user == find.user("approver")
    passed.customer.carry_on(passed.delivery)
    assert (passed.delivery.state, passed.delivery.plan_asked_at) == ("awaiting-approval", None)
    assert renew_where_outdated(passed.delivery, by=find.user("approver")) == "current"
    assert passed.digest() != passed.seen


def test_who_has_no_say_in_it_leaves_the_plan_as_it_is(passed: Passed) -> None:
    assert renew_where_outdated(passed.delivery, by=find.user("reader")) == "outdated"
    assert passed.digest() == passed.seen
    assert renew_where_outdated(passed.delivery, by=find.user("supplier")) == "renewed"


@pytest.mark.parametrize("is_damaged", [True, False])
def test_a_plan_that_cannot_be_made_anew_keeps_no_other_delivery_waiting(
    passed: Passed, monkeypatch: pytest.MonkeyPatch, is_damaged: bool
) -> None:
    is_large(monkeypatch)
    if is_damaged:
        path_of(passed.delivery.file_key).write_bytes(b"damaged")
    other = passed.customer.receive([person("2")])
    assert renew_where_outdated(passed.delivery, by=find.user("approver")) == "asked"
    assert advance.advance_all() > 0
    other.refresh_from_db()
    assert other.state == "awaiting-approval"
    passed.delivery.refresh_from_db()
    assert renew_where_outdated(passed.delivery, by=find.user("approver")) == (
        "impossible" if is_damaged else "current"
    )
    assert passed.delivery.cause == ("file-changed" if is_damaged else "")


def test_why_a_plan_cannot_be_made_anew_is_said_until_it_can(passed: Passed, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = path_of(passed.delivery.file_key)
    whole = kept.read_bytes()
    kept.write_bytes(b"damaged")
    assert renew_where_outdated(passed.delivery, by=find.user("approver")) == "asked", "the worker finds out why"
    advance.advance_all()
    passed.delivery.refresh_from_db()
    with pytest.raises(NotAllowed) as told:
        decide.approve(passed.delivery, by=find.user("approver"), seen=passed.seen)
    assert told.value.code == "plan-not-renewed"
    assert delivery_document.document(passed.delivery)["trouble"]["cause"] == "file-changed"
    kept.write_bytes(whole)
    assert renew_where_outdated(passed.delivery, by=find.user("approver")) == "impossible"
    monkeypatch.setattr(renewing, "_passed_by", PassedBy("the plan of delivery"))  # later
    advance.advance_all()
    passed.delivery.refresh_from_db()
    assert (renew_where_outdated(passed.delivery, by=find.user("approver")), passed.delivery.cause) == ("current", "")
    assert passed.digest() != passed.seen


def test_what_was_decided_meanwhile_is_not_planned_anew(passed: Passed, monkeypatch: pytest.MonkeyPatch) -> None:
    is_large(monkeypatch)
    renew_where_outdated(passed.delivery, by=find.user("approver"))
    decide.refuse(passed.delivery, "nee", by=find.user("approver"))
    passed.customer.carry_on(passed.delivery)
    assert (passed.delivery.state, passed.delivery.plan_asked_at) == ("refused", None)
    assert passed.digest() == passed.seen
    assert latest_renewal(passed.delivery) is None


def test_where_live_moved_and_the_plan_stays_the_same_nobody_is_bothered() -> None:
    customer = SampleCustomer()
    customer.import_([person("1", first="Bo")])
    delivery = customer.deliver([person("1", first="Bob")])
    seen = digest_of(delivery)
    customer.import_([person("1", job="Coach")])
    decide.approve(delivery, by=find.user("approver"), seen=seen)
    assert delivery.state == "approved"
    assert not delivery.audit.filter(action="plan-renewed").exists()


def test_the_plan_of_an_undo_is_made_anew_too() -> None:
    customer = SampleCustomer()
    customer.import_([person("1", first="Bo")])
    first = customer.import_([person("1", first="Bob")])
    delivery = customer.carry_on(undo.undo(first, by=find.user("approver")))
    customer.import_([person("1", first="Bobbie")])
    delivery.refresh_from_db()
    assert renew_where_outdated(delivery, by=find.user("approver")) == "renewed"
    plan = delivery_document.plan_of(delivery, "live")
    assert plan is not None
    assert plan.totals["persons"]["changed"] == 0


def test_what_changed_since_an_approval_is_compared_with_the_newest_plan(passed: Passed) -> None:
    """Also where live moves once more after a delivery came back (D5)."""
    passed.customer.approve(passed.delivery)
    assert passed.delivery.reason == "live-changed"
    passed.customer.import_([person("1", first="Bob")])
    assert renew_where_outdated(passed.delivery, by=find.user("approver")) == "renewed"
    outdated = passed.delivery.plans.get(state=Plan.OUTDATED)
    assert outdated.digest == passed.seen
    passed.customer.approve(passed.delivery)
    assert passed.delivery.state == "imported"
