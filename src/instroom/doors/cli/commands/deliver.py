"""`instroom deliver`: a file comes in, is checked, imported in training, and planned against live (product.md D2)."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from instroom.core.layout.standard import DEFAULT_LAYOUT
from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.input_file import Delivered, delivered
from instroom.doors.cli.output.delivery_answer import print_delivery
from instroom.doors.cli.output.delivery_files import try_to_write_reports
from instroom.doors.cli.output.reports import report_options, targets_of
from instroom.doors.cli.run_due import run_due
from instroom.flow import find
from instroom.flow.delivery.receive import receive
from instroom.store.files import delivered_files


@click.command(name="deliver")
@click.argument("file", type=options.FILE)
@options.customer
@click.option("--connection", metavar="NAME", help="The connection whose layout and policies apply.")
@click.option(
    "--layout", metavar="NAME", help=f"The layout of the file; by default the connection's, or {DEFAULT_LAYOUT}."
)
@click.option(
    "--corrects", metavar="ID", help="The delivery that FILE corrects; the customer and the rules stay the same."
)
@click.option(
    "--complete",
    is_flag=True,
    help="With --corrects: FILE has all records, though it has fewer than the version before.",
)
@options.blank
@options.on_error
@options.skip_limit
@options.nothing_words
@options.by
@report_options
@options.text_or_json
@click.pass_obj
def command(
    invocation: Invocation,
    file: str,
    customer: str,
    connection: str | None,
    layout: str | None,
    corrects: str | None,
    complete: bool,
    blank: str | None,
    on_error: str | None,
    skip_limit_percent: int | None,
    nothing_words: str | None,
    by: str,
    annotate: str | None,
    rejected: str | None,
    report: str | None,
    form: str,
) -> int:
    """Check FILE, import it in training, plan it against live, and show what it would do there.

    A file that corrects a delivery (--corrects) is its next version. The version before it, where that still waits, is
    superseded once this one waits for approval. A file with only the records that were faulty is put in the version
    before it. One that has fewer records for another reason is held. --complete says that FILE has all records: it is
    then taken as it is.

    Exit code 0: it awaits approval. 1: it was rejected, or is held.
    """
    targets = targets_of(annotate, rejected, report, file)
    chosen = options.policies_given(
        blank=blank, on_error=on_error, skip_limit_percent=skip_limit_percent, nothing_words=nothing_words
    )
    before = find.delivery(corrects) if corrects else None
    owner = before.customer if before else find.customer(customer)
    agreed = find.connection(owner, connection) if connection else None
    user = find.active_user(by)
    with _content_of(file) as (path, name):
        delivery = receive(
            path,
            owner,
            by=user,
            connection=agreed,
            policies=chosen,
            layout=layout,
            name=name,
            corrects=before,
            complete=complete,
        )
    run_due(delivery)
    unwritten = try_to_write_reports(targets, delivery, invocation)
    return print_delivery(delivery, invocation.lang, form, whole=True) or unwritten


@contextmanager
def _content_of(file: str) -> Iterator[Delivered]:
    """The file to deliver: as it is, or a copy in memory of one that is kept, as where it was put aside."""
    if (kept := delivered_files.named(file)) and kept.exists():
        with kept.in_memory() as copy:
            yield Delivered(copy, kept.key.rpartition("/")[2])
    else:
        with delivered(file) as given:
            yield given
