"""Training becomes a copy of live (product.md D2): asked for, done when nothing is in its way, whole in any case."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.flow import delivery_document, find
from instroom.flow.delivery import advance, refresh
from instroom.store.leases import held
from instroom.store.models import AuditEntry, Delivery, Environment, Role, User
from instroom.store.sql import copying
from tests.contracts.customer import SampleCustomer, company, person
from tests.contracts.test_killed import count_points, kill_at, points

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise


def actions(customer: SampleCustomer) -> list[str]:
    """What the audit log says, in order."""
    return list(
        AuditEntry.objects.filter(customer=customer.record).order_by("at", "pk").values_list("action", flat=True)
    )


@pytest.mark.on_postgresql
def test_what_is_asked_for_is_done_by_whoever_carries_on() -> None:
    customer = SampleCustomer()
    customer.import_([person("1") | company("1", name="Een")])
    customer.deliver([person("2")])
    refresh.ask_refresh(customer.record, by=find.user("operator"))
    assert len(customer.snapshot("training")) == 3
    assert advance.advance_all() == 1
    assert customer.snapshot("training") == customer.snapshot("live")
    assert customer.environment("training").refresh_asked_at is None
    assert advance.advance_all() == 0
    done = AuditEntry.objects.get(customer=customer.record, action="training-refreshed")
    assert done.user is not None
    assert (done.user.username, done.facts) == ("operator", {"counts": {"company": 1, "person": 1}})


def test_who_has_left_since_refreshes_nothing() -> None:
    customer = SampleCustomer()
    customer.deliver([person("2")])
    training = customer.snapshot("training")
    refresh.ask_refresh(customer.record, by=find.user("operator"))
    Role.objects.filter(customer=customer.record, user=find.user("operator")).delete()
    User.objects.filter(username="operator").update(is_superuser=False)
    assert advance.advance_all() == 1
    assert customer.snapshot("training") == training
    assert actions(customer)[-2:] == ["refresh-asked", "refresh-failed"]
    assert advance.advance_all() == 0


def test_it_is_asked_for_once() -> None:
    customer = SampleCustomer()
    refresh.ask_refresh(customer.record, by=find.user("operator"))
    with pytest.raises(NotAllowed, match="under way"):
        refresh.ask_refresh(customer.record, by=find.user("operator"))
    assert actions(customer) == ["refresh-asked"]


@pytest.mark.parametrize("role", ["supplier", "approver", "reader"])
def test_only_an_operator_asks(role: str) -> None:
    customer = SampleCustomer()
    with pytest.raises(NotAllowed):
        refresh.ask_refresh(customer.record, by=find.user(role))
    assert customer.environment("training").refresh_asked_at is None


def test_a_delivery_that_is_on_its_way_through_training_goes_first() -> None:
    customer = SampleCustomer()
    delivery = customer.receive([person("1")])
    delivery.state = "checking"
    delivery.save()
    refresh.ask_refresh(customer.record, by=find.user("operator"))
    with held(customer.record.pk) as lease:
        assert not refresh.refresh_where_asked(customer.record, lease)
    assert customer.environment("training").refresh_asked_at is not None
    assert customer.carry_on(delivery).state == "awaiting-approval"
    assert actions(customer)[-1] == "training-refreshed"
    assert customer.snapshot("training") == {}


def test_a_delivery_that_waits_for_another_try_keeps_no_refresh_waiting() -> None:
    customer = SampleCustomer()
    customer.deliver([person("1")])
    delivery = customer.receive([person("2")])
    later = timezone.now() + timedelta(hours=1)
    Delivery.objects.filter(pk=delivery.pk).update(state="training", failures=4, try_again_at=later)
    refresh.ask_refresh(customer.record, by=find.user("operator"))
    assert advance.advance_all() == 1
    assert actions(customer)[-1] == "training-refreshed"
    Delivery.objects.filter(pk=delivery.pk).update(try_again_at=timezone.now())
    assert customer.carry_on(delivery).state == "awaiting-approval"
    assert customer.snapshot("training").keys() == {("person", ("HR", "2"))}


def test_what_breaks_leaves_training_whole_and_is_not_tried_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    customer = SampleCustomer()
    customer.import_([person("1") | company("1", name="Een")])
    customer.deliver([person("2")])
    before = customer.snapshot("training")
    refresh.ask_refresh(customer.record, by=find.user("operator"))
    write = copying._write

    def break_off(kind: str, *rest: object) -> None:
        write(kind, *rest)  # type: ignore[arg-type]
        if kind == "person":
            raise OSError("the disk is full")

    monkeypatch.setattr(copying, "_write", break_off)
    with pytest.raises(OSError, match="disk"):
        advance.advance(customer.record)
    assert customer.snapshot("training") == before
    assert actions(customer)[-1] == "refresh-failed"
    assert not advance.advance(customer.record)


def test_a_worker_gives_nothing_up_at_which_another_one_is() -> None:
    customer = SampleCustomer()
    refresh.ask_refresh(customer.record, by=find.user("operator"))
    asked = Environment.objects.filter(customer=customer.record, refresh_asked_at__isnull=False)
    asked.update(refresh_attempts=refresh.MOST_CRASHES)

    def look() -> bool:
        try:
            return advance.advance(customer.record)
        finally:
            connection.close()

    with held(customer.record.pk), ThreadPoolExecutor(1) as elsewhere:
        assert not elsewhere.submit(look).result()
    assert actions(customer) == ["refresh-asked"]


def holds(delivery: Delivery) -> str:
    """What is said of training."""
    return str(delivery_document.document(delivery)["training"]["state"])


@pytest.mark.on_postgresql
def test_what_comes_to_live_after_a_refresh_is_not_said_to_be_in_training() -> None:
    customer = SampleCustomer()
    before, waiting = customer.import_([person("1")]), customer.deliver([person("2")])
    refresh.refresh_training(customer.record, by=find.user("operator"))
    assert (holds(before), holds(waiting)) == ("imported", "undone")
    customer.approve(waiting, at="now")
    assert waiting.state == "imported"
    assert ("person", ("HR", "2")) not in customer.snapshot("training")
    assert holds(waiting) == "undone"
    refresh.refresh_training(customer.record, by=find.user("operator"))
    assert ("person", ("HR", "2")) in customer.snapshot("training")
    assert holds(waiting) == "imported"


@pytest.mark.on_postgresql
def test_what_is_undone_in_live_after_a_refresh_is_still_in_training() -> None:
    customer = SampleCustomer()
    one = customer.import_([person("1")])
    refresh.refresh_training(customer.record, by=find.user("operator"))
    customer.undo(one)
    assert ("person", ("HR", "1")) not in customer.snapshot()
    assert ("person", ("HR", "1")) in customer.snapshot("training")
    assert holds(one) == "imported"
    refresh.refresh_training(customer.record, by=find.user("operator"))
    assert (holds(one), customer.snapshot("training")) == ("undone", {})


@pytest.mark.on_postgresql
def test_killed_on_the_way_training_is_whole_and_the_next_run_goes_on(tmp_path: Path) -> None:
    def asked() -> tuple[SampleCustomer, Callable[[], object]]:
        customer = SampleCustomer()
        customer.import_([person(str(number)) | company("1", name="Een") for number in range(1, 5)])
        customer.deliver([person("9") | company("2", name="Twee")])
        refresh.ask_refresh(customer.record, by=find.user("operator"))
        return customer, lambda: advance.advance(customer.record)

    whole, work = asked()
    before, total = whole.snapshot("training"), count_points(work, tmp_path)
    after = whole.snapshot("training")
    assert after == whole.snapshot("live") != before
    for point in points(total, 8):
        customer, work = asked()
        kill_at(point, work)
        assert customer.snapshot("training") in (before, after), f"half a copy at point {point} of {total}"
        while advance.advance(customer.record):
            pass
        assert customer.snapshot("training") == after
        assert actions(customer).count("training-refreshed") == 1


def test_a_refresh_that_never_ends_is_given_up_and_holds_up_no_delivery(tmp_path: Path) -> None:
    customer = SampleCustomer()
    customer.import_([person("1")])

    def work() -> bool:
        return advance.advance(customer.record)

    refresh.ask_refresh(customer.record, by=find.user("operator"))
    total = count_points(work, tmp_path)
    refresh.ask_refresh(customer.record, by=find.user("operator"))
    for _ in range(refresh.MOST_CRASHES):
        kill_at(total // 2, work)
    assert (work(), actions(customer)[-1], work()) == (True, "refresh-failed", False)
    refresh.ask_refresh(customer.record, by=find.user("operator"))
    assert (work(), actions(customer)[-1]) == (True, "training-refreshed")
