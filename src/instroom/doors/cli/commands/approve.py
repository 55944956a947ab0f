"""`instroom approve`: akkoord, and the import in live (product.md D3, D4)."""

import click

from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.moments import moment
from instroom.doors.cli.output.delivery_answer import plan_summary, print_delivery
from instroom.doors.cli.output.streams import say
from instroom.doors.cli.run_due import run_due
from instroom.flow import delivery_document, find
from instroom.flow.delivery.scheduled import approve_or_reschedule
from instroom.flow.delivery.states import APPROVED_OR_BEYOND
from instroom.flow.permissions import allowed
from instroom.store.models import Environment, Plan


@click.command(name="approve")
@options.delivery
@options.by
@click.option(
    "--at",
    metavar="TIME",
    help="now, 20:00, or 2030-12-31 20:00; by default now, but for large files from the quiet hours on.",
)
@click.option("--digest", metavar="DIGEST", help="Approve only this plan; by default the one that is shown first.")
@options.text_or_json
@click.pass_obj
def command(invocation: Invocation, delivery_id: str, by: str, at: str | None, digest: str | None, form: str) -> int:
    """Approve delivery ID and import it into live, now or not before TIME.

    The plan is shown first, on standard error, and no other plan is approved.

    A file of more than 2,000 records waits for the quiet hours, from 20:00 until 06:00, unless --at says otherwise or
    the customer has agreed on something else.

    With --at, an approval that waits for its time gets another one. `instroom unapprove` takes it back.

    ID may be its first characters, as long as no other delivery begins so. Exit code 1: live data has changed
    in the meantime, so the plan is different and awaits approval again.
    """
    delivery = find.delivery(delivery_id)
    user = find.active_user(by)
    plan = delivery_document.plan_of(delivery, Environment.LIVE)
    seen = digest or (plan.digest if plan else "")
    if plan and plan.state == Plan.PLANNED and form != "json" and "approve" in allowed(user, delivery.customer):
        say(plan_summary(plan, invocation.lang))
    approve_or_reschedule(delivery, None if at is None else moment(at) or "now", by=user, seen=seen, renew=False)
    run_due(delivery)
    return print_delivery(delivery, invocation.lang, form, wanted=APPROVED_OR_BEYOND)
