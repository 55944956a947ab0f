"""`instroom show`: one delivery, with its findings and its plan."""

import click

from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.output.delivery_answer import (
    columns_document,
    findings_document,
    print_changes,
    print_delivery,
    print_differences,
)
from instroom.doors.cli.output.delivery_files import write_delivery_reports
from instroom.doors.cli.output.reports import report_options, targets_of
from instroom.doors.cli.output.streams import write_json
from instroom.flow import delivery_document, find
from instroom.flow.queries.plan_differences import differences

SHOWN = 20  # dossiers, of a plan that may hold thousands


@click.command(name="show")
@options.delivery
@click.option("--changes", is_flag=True, help="The whole plan in --environment, field by field; also in JSON.")
@click.option("--findings", is_flag=True, help="With --format json: add the findings. (The text always has them.)")
@click.option("--columns", is_flag=True, help="With --format json: add how each column is filled, beside last time.")
@click.option(
    "--differences",
    "since_approval",
    is_flag=True,
    help="What has changed since the approval, field by field; also in JSON.",
)
@options.environment
@report_options
@click.option(
    "--whole", metavar="OUT", help="Write all records of a file that was put in the version before, as --rejected does."
)
@options.text_or_json
@click.pass_obj
def command(
    invocation: Invocation,
    delivery_id: str,
    changes: bool,
    findings: bool,
    columns: bool,
    since_approval: bool,
    environment: str,
    annotate: str | None,
    rejected: str | None,
    report: str | None,
    whole: str | None,
    form: str,
) -> int:
    """Show delivery ID: its state, what was found in it, and what it does or would do in training and in live.

    As text it ends with the plan field by field, of the first 20 dossiers unless --changes is given.
    """
    targets = targets_of(annotate, rejected, report, whole=whole)
    delivery = find.delivery(delivery_id)
    write_delivery_reports(targets, delivery, invocation.lang)
    if form == "json":
        document = delivery_document.document(delivery)
        if findings:
            document["findings"] = findings_document(delivery, invocation.lang)
        if changes:
            document["changes"] = list(delivery_document.changes(delivery, environment))
        if columns:
            document["columns"] = columns_document(delivery, invocation.lang)
        if since_approval:
            document["differences"] = [one._asdict() for one in differences(delivery)]
        write_json(document)
        return 0
    print_delivery(delivery, invocation.lang, form, whole=not since_approval)
    if since_approval:
        print_differences(delivery, invocation.lang)
        return 0
    print_changes(delivery, environment, invocation.lang, None if changes else SHOWN)
    return 0
