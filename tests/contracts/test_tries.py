"""What becomes of a delivery whose step breaks: the site's trouble, its own, and one that ends its process."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from django.db import OperationalError, connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from instroom.config.process import process_name
from instroom.doors.worker.loop import work_until
from instroom.flow import delivery_document, find, passing_by
from instroom.flow.delivery import advance
from instroom.flow.delivery.attempts import MOST_CRASHES, PAUSES
from instroom.flow.delivery.examine import examine
from instroom.flow.delivery.retry import retry
from instroom.flow.delivery.transitions import FIRST_TRY
from instroom.store.leases import LeaseLost, held
from instroom.store.models import Connection, Delivery, Environment, Heartbeat, Lease, Mail, User
from tests.contracts.customer import SampleCustomer, person
from tests.kept_files import path_of

OLD, NEW = [person("1", first="Eerste")], [person("1", first="Tweede")]


def its_time_comes(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(try_again_at=timezone.now() - timedelta(seconds=1))


def ended_process(machine: str = "") -> str:
    """The name of a process that has ended, on this machine or another one."""
    host, _, _, place = process_name().rsplit(":", 3)
    return f"{host}:99999999:1:{machine or place}"


def without_its_file(customer: SampleCustomer, connection: str | None = None) -> tuple[Delivery, Callable[[], object]]:
    """A delivery whose kept file is gone, and how to put it back."""
    delivery = customer.receive(OLD, connection=connection)
    path = path_of(delivery.file_key)
    aside = path.rename(path.with_suffix(".aside"))
    return customer.carry_on(delivery), lambda: aside.rename(path)


def test_what_is_the_matter_with_a_delivery_is_tried_again_later_and_later_and_then_it_has_failed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    customer, other = SampleCustomer(), SampleCustomer()
    User.objects.filter(username="operator").update(email="beheer@voorbeeld.example")
    delivery, put_back = without_its_file(customer)
    for count, pause in enumerate(PAUSES, start=1):
        assert (delivery.state, delivery.failures, delivery.started_by) == ("checking", count, "")
        assert abs(delivery.try_again_at - timezone.now() - pause) < timedelta(seconds=9)
        said = delivery_document.document(delivery)["trouble"]
        assert (said["cause"], said["tries"], bool(said["again_at"])) == ("file-missing", count, True)
        assert said["sentence"]["nl"].startswith("Het bewaarde bestand is van de server verdwenen")
        assert other.deliver(OLD).state == "awaiting-approval"
        its_time_comes(delivery)
        customer.carry_on(delivery)
    assert (delivery.state, delivery.reason, delivery.failures) == ("failed", "file-missing", 5)
    assert delivery_document.document(delivery)["trouble"]["again_at"] is None
    assert delivery.audit.get(action="failed").facts == {"reason": "file-missing", "attempts": 5}
    assert "van de server verdwenen" in Mail.objects.filter(delivery=delivery, kind="failed").first().text
    assert "Traceback" not in caplog.text
    put_back()
    retry(delivery, by=find.user("operator"))
    assert customer.carry_on(delivery).state == "awaiting-approval"
    assert "trouble" not in delivery_document.document(delivery)


def test_those_behind_a_first_failure_come_into_training_after_it() -> None:
    customer = SampleCustomer()
    first, put_back = without_its_file(customer)
    second = customer.deliver(NEW)
    assert second.state == "received"
    put_back()
    its_time_comes(first)
    customer.carry_on(first)
    second.refresh_from_db()
    assert (first.state, second.state) == ("awaiting-approval", "awaiting-approval")
    assert customer.snapshot("training")["person", ("HR", "1")]["first_name"] == "Tweede"


@pytest.mark.parametrize(
    ("connection", "state", "reason"), [("nacht", "superseded", ""), (None, "failed", "overtaken")]
)
def test_what_newer_ones_have_passed_never_comes_into_training_after_them(
    connection: str | None, state: str, reason: str
) -> None:
    customer = SampleCustomer()
    Connection.objects.create(customer=customer.record, name="nacht")
    first, put_back = without_its_file(customer, connection)
    its_time_comes(first)
    customer.carry_on(first)  # a second failure: the others go on
    assert customer.deliver(NEW, connection=connection).state == "awaiting-approval"
    put_back()
    its_time_comes(first)
    customer.carry_on(first)
    assert (first.state, first.reason) == (state, reason)
    assert customer.snapshot("training")["person", ("HR", "1")]["first_name"] == "Tweede"


def test_what_waited_for_its_hour_comes_after_newer_ones_also_where_it_failed_once() -> None:
    customer = SampleCustomer()
    delivery, put_back = without_its_file(customer)
    Delivery.objects.filter(pk=delivery.pk).update(state="received", waits_for="hour", **FIRST_TRY)
    customer.deliver(NEW)
    Delivery.objects.filter(pk=delivery.pk).update(waits_for="")
    assert customer.carry_on(delivery).failures == 1
    put_back()
    its_time_comes(delivery)
    assert customer.carry_on(delivery).state == "awaiting-approval"


def test_the_trouble_of_the_site_counts_against_no_delivery(instroom_home: Path) -> None:
    customer = SampleCustomer()
    delivery = customer.receive(OLD)
    files = path_of("")
    away = files.rename(files.with_name("away"))
    for _ in range(MOST_CRASHES + 1):
        with pytest.raises(OSError):
            advance.advance(customer.record)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.failures, delivery.crashes, delivery.started_by) == ("checking", 0, 0, "")
    away.rename(files)
    assert customer.carry_on(delivery).state == "awaiting-approval"


def damage(delivery: Delivery) -> Callable[[], object]:
    """The system gives EIO for its file, as for a damaged place on a disk. Gives how to mend it."""
    path = path_of(delivery.file_key)
    aside = path.rename(path.with_suffix(".aside"))
    path.symlink_to("/proc/self/mem")
    return lambda: aside.replace(path)


def test_one_file_that_cannot_be_read_is_the_trouble_of_its_delivery(caplog: pytest.LogCaptureFixture) -> None:
    customer, other = SampleCustomer(), SampleCustomer()
    delivery = customer.receive(OLD)
    mend = damage(delivery)
    for _ in range(len(PAUSES)):
        assert (customer.carry_on(delivery).cause, delivery.state) == ("file-unreadable", "checking")
        its_time_comes(delivery)
    assert other.deliver(OLD).state == "awaiting-approval"
    assert (customer.carry_on(delivery).state, delivery.reason) == ("failed", "file-unreadable")
    assert "trouble of the site" not in caplog.text
    assert customer.deliver(NEW).state == "awaiting-approval"
    mend()
    retry(delivery, by=find.user("operator"))
    assert customer.carry_on(delivery).state == "awaiting-approval"


def test_where_no_file_can_be_written_either_it_is_the_trouble_of_the_site() -> None:
    customer = SampleCustomer()
    delivery = customer.receive(OLD)
    mend = damage(delivery)
    site = path_of("site-id")
    site.rename(site.with_suffix(".aside"))
    with pytest.raises(OSError):
        advance.advance(customer.record)
    site.with_suffix(".aside").rename(site)
    mend()
    assert customer.carry_on(delivery).failures == 0


def test_a_worker_that_begins_in_trouble_of_the_site_waits_for_its_end(instroom_home: Path) -> None:
    customer = SampleCustomer()
    delivery = customer.receive(OLD)
    files = path_of("")
    away = files.rename(files.with_name("away"))

    class Stop(Event):
        """Puts the files back at the first wait, and ends the worker once it has done its work."""

        def wait(self, timeout: float | None = None) -> bool:
            if away.exists():
                away.rename(files)
            elif Delivery.objects.filter(pk=delivery.pk, state="awaiting-approval").exists():
                self.set()
            return super().wait(min(timeout or 0, 0.05))

    work_until(Stop())
    assert customer.carry_on(delivery).state == "awaiting-approval"


def test_who_has_lost_the_lease_changes_nothing() -> None:
    customer = SampleCustomer()
    delivery = customer.receive(OLD)
    with held(customer.record.pk) as lease:
        Lease.objects.filter(pk=customer.record.pk).update(number=F("number") + 1, holder="another")
        with pytest.raises(LeaseLost):
            examine(delivery, lease)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.failures, delivery.started_by) == ("received", 0, "")


def test_what_ends_its_process_three_times_is_set_aside() -> None:
    customer = SampleCustomer()
    fatal, behind = customer.receive(OLD), customer.receive(NEW)
    ended = {"state": "checking", "started_at": timezone.now(), "started_by": ended_process()}
    Delivery.objects.filter(pk=fatal.pk).update(**ended, crashes=MOST_CRASHES - 1)
    customer.carry_on(fatal)
    behind.refresh_from_db()
    assert (fatal.state, fatal.reason, fatal.crashes, fatal.started_by) == ("failed", "crashed", MOST_CRASHES, "")
    assert behind.state == "awaiting-approval"
    Delivery.objects.filter(pk=fatal.pk).update(**ended, crashes=0, cause="")
    assert customer.carry_on(fatal).state == "awaiting-approval"  # twice is not enough


@pytest.mark.parametrize(("others", "crashes"), [(False, 0), (True, 1)], ids=["it is silent", "others work there"])
def test_where_a_whole_machine_went_its_delivery_is_not_to_blame(*, others: bool, crashes: int) -> None:
    customer = SampleCustomer()
    delivery = customer.receive(OLD)
    gone = ended_process("0123456789ab")
    Delivery.objects.filter(pk=delivery.pk).update(state="checking", started_at=timezone.now(), started_by=gone)
    facts = {"door": "worker", "version": "1", "began_at": Now()}
    Heartbeat.objects.create(process=gone, beat_at=Now() - timedelta(seconds=40), **facts)
    if others:
        Heartbeat.objects.create(process=gone.replace(":99999999:", ":1:"), beat_at=Now(), **facts)
    path_of(delivery.file_key).unlink()  # what fails keeps the count
    assert customer.carry_on(delivery).crashes == crashes


def test_where_the_database_was_away_no_delivery_is_to_blame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passing_by, "_site", {})
    customer = SampleCustomer()
    delivery = customer.receive(OLD)
    ended = {"state": "checking", "started_at": timezone.now(), "started_by": ended_process()}
    path_of(delivery.file_key).unlink()
    if connection.vendor == "postgresql":  # it knows since when it runs
        ended["started_at"] -= timedelta(days=365)
        Delivery.objects.filter(pk=delivery.pk).update(**ended)
        assert customer.carry_on(delivery).crashes == 0
    assert passing_by.is_site_trouble(OperationalError())
    Delivery.objects.filter(pk=delivery.pk).update(**ended, try_again_at=None)
    assert customer.carry_on(delivery).crashes == 0


def test_a_customer_with_broken_rows_stops_nobody_else(caplog: pytest.LogCaptureFixture) -> None:
    broken, other = SampleCustomer(), SampleCustomer()
    deliveries = [one.receive(OLD) for one in (broken, other)]
    training = Environment.objects.filter(customer=broken.record, name="training")
    training.update(name="gone")
    for _ in range(2):
        advance.advance_all()
    states = [Delivery.objects.get(pk=one.pk).state for one in deliveries]
    assert states == ["received", "awaiting-approval"]
    assert caplog.text.count(str(broken.record.pk)) == 1
    assert "Traceback" not in caplog.text
