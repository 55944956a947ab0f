"""Our own import of one file: `ours WHAT FILE`, in the store of this process.

`whole`: read, check, judge against what is stored, plan, store the plan with its changes (the ledger) and apply it, in
one environment. `plan`: the same, and the clock starts after the check. `way`: the whole way of a delivery, from
receiving the file to training, approval and live.
"""

import sys
from pathlib import Path

from bench.measured.clock import Clock
from instroom.config import setup

setup()

from django.db import connection  # noqa: E402 (Django is loaded above)
from django.utils import timezone  # noqa: E402

from instroom.flow import find  # noqa: E402
from instroom.flow.delivery import content, decide, planning  # noqa: E402
from instroom.flow.delivery.examine import Examined, examine  # noqa: E402
from instroom.flow.delivery.garbage_collection import collector_paused  # noqa: E402
from instroom.flow.delivery.importing import execute  # noqa: E402
from instroom.flow.delivery.judging import judge_content  # noqa: E402
from instroom.flow.delivery.receive import receive  # noqa: E402
from instroom.flow.delivery.release import release  # noqa: E402
from instroom.flow.delivery.train import train  # noqa: E402
from instroom.store.leases import held_or_refused  # noqa: E402
from instroom.store.models import Delivery, Environment  # noqa: E402
from instroom.store.sql import plans  # noqa: E402


def whole(delivery: Delivery, live: Environment) -> Clock:
    """The whole import, in one environment."""
    clock = Clock()
    given = _checked(delivery, live, clock)
    _plan_and_apply(delivery, live, given, clock)
    return clock


def plan(delivery: Delivery, live: Environment) -> Clock:
    """The import without the check."""
    before = Clock()
    given = _checked(delivery, live, before)
    clock = Clock(before)
    given = given._replace(live=content.known(given.content, live))
    clock.step("load")
    _plan_and_apply(delivery, live, given, clock)
    return clock


def way(delivery: Delivery, live: Environment) -> Clock:
    """Check, training, the plan against live, approval and live."""
    clock = Clock()
    with held_or_refused(delivery.customer_id, patience=0) as lease:
        examined = examine(delivery, lease)
        assert examined is not None
        clock.step("check")
        train(delivery, lease, examined)
        clock.step("training and plan against live")
        decide.approve(delivery, by=find.user("approver"), at="now")
        release(delivery, lease)
    assert delivery.state == "imported", delivery.state
    clock.step("live")
    return clock


def _checked(delivery: Delivery, live: Environment, clock: Clock) -> Examined:
    given = content.read(delivery)
    clock.step("check")
    there = content.known(given, live)
    judged = judge_content(given, there, live)
    clock.step("judge against what is stored")
    worst = {item.code for item in (*given.checked.findings, *judged.findings) if item.severity == "error"}
    assert not worst, worst
    return Examined(given, there, given.checked.refused)


def _plan_and_apply(delivery: Delivery, live: Environment, given: Examined, clock: Clock) -> None:
    with held_or_refused(delivery.customer_id, patience=0) as lease:
        planned = planning.plan_for_live(given, live)
        clock.step("plan")
        with lease.transaction():
            stored = plans.save(live, delivery, planned, timezone.now())
            clock.step("ledger")
            execute(stored, planned.changes)
            clock.step("apply")
        clock.step("commit")


def import_file(what: str, file: Path) -> Clock:
    """Receive the file, measure `what`, and return the stopped clock."""
    delivery = receive(file, find.customer("demo"), by=find.user("operator"))
    live = Environment.objects.get(name=Environment.LIVE, customer=delivery.customer)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")  # so that earlier data is not written during the measurement
    with collector_paused():  # as in every step of a delivery (flow/attempts.py)
        return {"whole": whole, "plan": plan, "way": way}[what](delivery, live)


if __name__ == "__main__":
    import_file(sys.argv[1], Path(sys.argv[2])).answer()
