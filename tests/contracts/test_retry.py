"""What has failed is tried again by an operator, where that can help."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.flow import find
from instroom.flow.delivery import undo
from instroom.flow.delivery.retry import retry
from instroom.store.models import Connection, Delivery, Plan, Role, User
from tests.contracts.customer import SampleCustomer, person

BEFORE, AFTER = [person("1", first="Bo")], [person("1", first="Bob"), person("2")]


def failed(delivery: Delivery, **values: object) -> Delivery:
    Delivery.objects.filter(pk=delivery.pk).update(
        state="failed", reason="internal", cause="internal", failures=5, **values
    )
    delivery.refresh_from_db()
    return delivery


def test_what_has_failed_goes_the_whole_way_again_and_is_undone_whole() -> None:
    customer = SampleCustomer()
    customer.import_(BEFORE)
    before = customer.snapshot(), customer.snapshot("training")
    by = find.user("operator")
    delivery = failed(customer.receive(AFTER), finished_at=timezone.now())
    retry(delivery, by=by)
    assert (delivery.state, delivery.reason, delivery.cause, delivery.failures) == ("received", "", "", 0)
    delivery = customer.carry_on(delivery)
    assert delivery.state == "awaiting-approval"
    failed(delivery)  # in live: it is in training already
    assert (delivery.verdict, delivery.counts["records"]) == ("clean", 2)
    retry(delivery, by=by)
    assert (delivery.verdict, delivery.counts) == ("", {}), "it is still to be checked"
    delivery = customer.approve(customer.carry_on(delivery))
    assert (delivery.state, delivery.finished_at is None) == ("imported", False)
    assert delivery.plans.filter(environment__name="training", state=Plan.IMPORTED).count() == 1
    assert [entry.action for entry in delivery.audit.order_by("pk")].count("retried") == 2
    undoing = failed(undo.undo(delivery, by=by))
    retry(undoing, by=by)
    assert (undoing.state, undoing.verdict, undoing.counts["records"]) == ("training", "clean", 0)
    assert customer.approve(customer.carry_on(undoing)).state == "imported"
    assert (customer.snapshot(), customer.snapshot("training")) == before


Made = Callable[[SampleCustomer], Delivery]


def _of_connection(customer: SampleCustomer) -> Delivery:
    Connection.objects.create(customer=customer.record, name="nacht")
    delivery = failed(customer.receive(BEFORE, connection="nacht"))
    customer.deliver(AFTER, connection="nacht")
    return delivery


def _corrected(customer: SampleCustomer) -> Delivery:
    delivery = failed(customer.receive(BEFORE))
    newer = customer.receive(AFTER)
    newer.corrects = delivery
    newer.save(update_fields=["corrects"])
    return delivery


def _undone_otherwise(customer: SampleCustomer) -> Delivery:
    delivery, by = customer.import_(BEFORE), find.user("approver")
    failed(undo.undo(delivery, by=by))
    undo.undo(delivery, by=by)
    return delivery.undone_by.get(state="failed")


REFUSED: dict[str, Made] = {
    "nothing-to-retry": lambda customer: customer.deliver(BEFORE),
    "retry-without-file": lambda customer: failed(customer.receive(BEFORE), file_removed_at=timezone.now()),
    "retry-overtaken": _of_connection,
    "retry-corrected": _corrected,
    "undo-under-way": _undone_otherwise,
}


@pytest.mark.parametrize("code", REFUSED)
def test_where_it_cannot_help_it_is_refused(code: str) -> None:
    delivery = REFUSED[code](SampleCustomer())
    state = delivery.state
    with pytest.raises(NotAllowed) as told:
        retry(delivery, by=find.user("operator"))
    assert told.value.code == code
    assert told.value.sentence("nl") != told.value.sentence("en")
    delivery.refresh_from_db()
    assert delivery.state == state


def test_who_is_limited_to_other_sources_is_refused() -> None:
    customer = SampleCustomer()
    delivery = failed(customer.deliver(BEFORE))
    limited = User.objects.create(username="limited")
    Role.objects.create(customer=customer.record, user=limited, name="operator", sources=["Ander"])
    with pytest.raises(NotAllowed):
        retry(delivery, by=limited)
