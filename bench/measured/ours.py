"""Our own import of one file into one environment: `ours FILE`. With `--plan-only` the clock starts after the check."""

import sys
from pathlib import Path

from bench.measured.clock import Clock
from instroom.config import setup

setup()

from django.db import connection, transaction  # noqa: E402 (Django is loaded above)
from django.utils import timezone  # noqa: E402

from instroom.core.layout.loader import standard  # noqa: E402
from instroom.core.model import Checked, Policies  # noqa: E402
from instroom.core.pipeline import check_file  # noqa: E402
from instroom.core.plan.engine import make_plan  # noqa: E402
from instroom.core.plan.judge import judge  # noqa: E402
from instroom.store import models, plans, records  # noqa: E402
from instroom.store.ids import new_ids  # noqa: E402


def import_file(file: Path, plan_only: bool = False) -> Clock:
    """Check, plan, store the plan, apply it; gives the clock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")  # what was written before is not written during the measurement
    clock = Clock()
    checked, _ = check_file(file, standard())
    assert checked.verdict != "errors", [finding.code for finding in checked.findings if finding.severity == "error"]
    if plan_only:
        clock = Clock()
    else:
        clock.step("check")
    _import(checked, clock)
    return clock


def _import(checked: Checked, clock: Clock) -> None:
    environment = models.Environment.objects.get()
    now, rows = timezone.now(), checked.records
    with transaction.atomic():
        delivery = models.Delivery.objects.create(customer=environment.customer, layout="standard/1", received_at=now)
        companies = {record.company.key for record in rows if record.company}
        persons = {record.person.key for record in rows if record.person}
        known = records.load_known(environment.id.hex, companies, persons)
        clock.step("load")
        judged = judge(rows, checked.repeated, known, standard())
        assert not judged.left_out
        clock.step("judge")
        plan = make_plan(rows, known, Policies(), new_ids, repeated=checked.repeated)
        clock.step("plan")
        stored = plans.save(environment, delivery, plan, now)
        clock.step("save plan")
        records.apply(environment.id.hex, plan.changes)
        stored.state, stored.executed_at = models.Plan.IMPORTED, now
        stored.save()
        clock.step("apply")
    clock.step("commit")


if __name__ == "__main__":
    import_file(Path(sys.argv[-1]), "--plan-only" in sys.argv).answer()
