"""A process killed (SIGKILL) anywhere on the way leaves all or nothing, and the next run goes on (product.md D6)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from instroom.core.errors import InstroomError
from instroom.flow import find
from instroom.flow.delivery import decide, undo
from instroom.flow.delivery.answer import answer_of
from instroom.flow.delivery.attempts import MOST_CRASHES
from instroom.flow.delivery.reports import MOST_ATTEMPTS, BeingMade, make_asked
from instroom.flow.mails.daily_overviews import gather_due
from instroom.flow.news.mail_choice import GATHERED_FOR
from instroom.store import models
from instroom.store.files.kept_reports import KeptReport
from tests.contracts.customer import SampleCustomer, company, person, write_csv
from tests.kept_files import content_of, report_path
from tests.killing import count_points, kill_at, points

ALONE = pytest.mark.on_sqlite_alone
FIRST = [
    person("1", first="Bo", group="Rol", category="Docent", free="VrijveldA", value="1") | company("1", name="Een"),
    person("2") | company("2", name="Twee"),
]
SECOND = [
    person("1", first="Bob", group="Rol", category="Coach", free="VrijveldA", value="2") | company("2"),
    person("2"),
    *[person(str(number)) | company("3", name="Drie") for number in range(3, 30)],
]


def prepared(path: Path, step: str) -> tuple[SampleCustomer, Callable[[], object]]:
    """A customer with a first import, and the step that is to be killed."""
    customer = SampleCustomer()
    first = customer.import_(FIRST)
    if step == "deliver":
        return customer, lambda: customer.deliver(path)
    if step == "approve":
        delivery = customer.deliver(path)
        return customer, lambda: customer.approve(delivery)
    return customer, lambda: customer.carry_on(undo.undo(first, by=find.user("approver")))


def go_on(customer: SampleCustomer, path: Path, step: str) -> None:
    """The next run: what is under way is carried on; what was never known is asked again by its person."""
    done = {"deliver": 2, "approve": 2, "undo": 2}[step]
    if customer.record.deliveries.count() < done:
        prepared_again = {
            "deliver": lambda: customer.receive(path),
            "undo": lambda: undo.undo(_first(customer), by=find.user("approver")),
        }
        prepared_again[step]()
    last = customer.record.deliveries.order_by("-pk").first()
    customer.carry_on(last)
    if step == "approve" and last.state == "awaiting-approval":
        decide.approve(last, by=find.user("approver"))
        customer.carry_on(last)


def _first(customer: SampleCustomer) -> models.Delivery:
    return customer.record.deliveries.order_by("pk").first()


def state(customer: SampleCustomer) -> dict[str, Any]:
    """All that must be the same in the end."""
    return {
        "live": customer.snapshot(),
        "training": customer.snapshot("training"),
        "deliveries": [one.state for one in customer.record.deliveries.order_by("pk")],
        "plans": sorted(
            (plan.environment.name, plan.state, plan.totals["records"], plan.changes.count())
            for plan in models.Plan.objects.filter(environment__customer=customer.record)
        ),
        "audit": sorted(models.AuditEntry.objects.filter(customer=customer.record).values_list("action", flat=True)),
    }


def kill_everywhere(step: str, how_many: int, tmp_path: Path) -> None:
    """Kill the step at `how_many` points, each in a customer of its own, and compare with one that was not killed."""
    path = write_csv(tmp_path / "personen.csv", SECOND)
    whole, work = prepared(path, step)
    before = {name: whole.snapshot(name) for name in ("live", "training")}
    total = count_points(work, tmp_path)
    after = {name: whole.snapshot(name) for name in ("live", "training")}
    wanted = state(whole)
    assert total > how_many
    for point in points(total, how_many):
        customer, work = prepared(path, step)
        kill_at(point, work)
        for name in ("live", "training"):
            assert customer.snapshot(name) in (before[name], after[name]), f"half an import at point {point} of {total}"
        go_on(customer, path, step)
        assert state(customer) == wanted, f"another end after point {point} of {total}"


@pytest.mark.parametrize("step", ["approve", *(pytest.param(one, marks=ALONE) for one in ("deliver", "undo"))])
def test_killed_on_the_way(step: str, tmp_path: Path) -> None:
    kill_everywhere(step, 4, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("step", ["deliver", "approve", "undo"])
def test_killed_at_many_points(step: str, tmp_path: Path) -> None:
    kill_everywhere(step, 60, tmp_path)


@pytest.mark.on_sqlite_alone
def test_killed_again_and_again_goes_on_all_the_same_until_it_is_given_up(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "personen.csv", SECOND)
    whole, work = prepared(path, "deliver")
    checking = count_points(work, tmp_path) // 5
    customer, _ = prepared(path, "deliver")
    delivery = customer.receive(path)
    for count in range(1, MOST_CRASHES):
        kill_at(checking, lambda: customer.carry_on(delivery))
        delivery.refresh_from_db()
        assert (bool(delivery.started_at), delivery.crashes) == (True, count - 1)  # counted by who goes on with it
    go_on(customer, path, "deliver")
    assert state(customer) == state(whole)
    fatal, behind = customer.receive(path), customer.receive([person("3")])
    for _ in range(MOST_CRASHES):
        kill_at(checking, lambda: customer.carry_on(fatal))
    customer.carry_on(behind)
    states = list(customer.record.deliveries.order_by("number").values_list("state", "reason", "crashes"))
    assert states[-2:] == [("failed", "crashed", MOST_CRASHES), ("awaiting-approval", "", 0)]


@pytest.mark.slow
@ALONE
def test_mails_that_are_gathered_are_lost_at_no_point(tmp_path: Path) -> None:
    """All of them wait still, or all are in the one mail; so the next run finds what is left to do."""

    def ready() -> SampleCustomer:
        models.Mail.objects.all().delete()
        customer = SampleCustomer()
        models.User.objects.filter(username="supplier").update(email="supplier@voorbeeld.example")
        for _ in range(3):
            customer.deliver([person("1", born="31-02-1980")])
        return customer

    def gather() -> None:
        gather_due(timezone.now() + GATHERED_FOR)

    ready()
    total = count_points(gather, tmp_path)
    for point in points(total, 12):
        ready()
        kill_at(point, gather)
        assert models.Mail.objects.filter(gathered_in=None, held_until__isnull=False).count() in (0, 3)
        gather()
        assert models.Mail.objects.get(held_until=None).gathered.count() == 3, f"after point {point} of {total}"


@ALONE
def test_a_report_that_kills_the_worker_is_given_up_and_keeps_up_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    customer = SampleCustomer()
    one, fatal, sound = (customer.deliver([person(name, born="31-02-1980")]) for name in "123")
    asked = models.AskedReport.objects
    asked.exclude(delivery=one).delete()
    total = count_points(make_asked, tmp_path)
    for delivery in (fatal, sound):
        with pytest.raises(BeingMade):
            answer_of(delivery, patience=0).report("annotated", ".xlsx")
    for count in range(1, MOST_ATTEMPTS + 1):
        kill_at(total // 6, make_asked)
        assert asked.get(delivery=fatal).attempts == count
    assert (make_asked(), asked.count()) == (2, 1)
    assert answer_of(sound, patience=0).report("annotated", ".xlsx").file
    with pytest.raises(InstroomError) as refused:
        answer_of(fatal, patience=0).report("annotated", ".xlsx")
    assert refused.value.code == "report-given-up"
    assert f"annotated.xlsx of {fatal.pk} is given up" in caplog.text


@ALONE
def test_a_report_that_was_killed_is_made_whole_and_leaves_nothing(tmp_path: Path) -> None:
    customer = SampleCustomer()

    def checked() -> tuple[models.Delivery, Callable[[], KeptReport]]:
        delivery = customer.deliver([person("1", born="31-02-1980"), person("2")])
        return delivery, lambda: answer_of(delivery, at_once=True).report("report", ".csv")

    whole = content_of(report_path(checked()[1]()))
    total = count_points(checked()[1], tmp_path)
    for point in points(total * 9 // 10, 6):
        delivery, work = checked()
        kill_at(point, work)
        path = report_path(work())
        assert content_of(path) == whole, f"another report after point {point} of {total}"
        delivery.refresh_from_db()
        assert delivery.kept_bytes == delivery.bytes + len(whole)
        assert not list(path.parent.glob("*.part"))
