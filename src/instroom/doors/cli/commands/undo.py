"""`instroom undo`: a delivery that undoes another (product.md D8)."""

import click

from instroom.core.fields import Kind
from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.output.delivery_answer import print_delivery
from instroom.doors.cli.run_due import run_due
from instroom.flow import find
from instroom.flow.delivery.undo import undo
from instroom.flow.queries.history import find_in_live


@click.command(name="undo")
@options.delivery
@click.option(
    "--only",
    type=(click.Choice(["company", "person"]), str, str),
    metavar="KIND SOURCE ID",
    help="Restore one dossier alone: company or person, its ExternSource and its ExternId.",
)
@options.by
@options.text_or_json
@click.pass_obj
def command(invocation: Invocation, delivery_id: str, only: tuple[Kind, str, str] | None, by: str, form: str) -> int:
    """Make a delivery that undoes delivery ID: in training at once, in live once it is approved.

    What has changed in the meantime is kept, and listed.
    """
    delivery = find.delivery(delivery_id)
    dossier = find_in_live(delivery.customer, *only) if only else None
    undoing = undo(delivery, by=find.active_user(by), only=dossier)
    run_due(undoing)
    return print_delivery(undoing, invocation.lang, form, whole=True)
