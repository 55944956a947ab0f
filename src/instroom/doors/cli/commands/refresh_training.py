"""`instroom refresh-training`: training becomes a copy of live (product.md D2)."""

import click

from instroom.core.report.words import counted
from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.output.streams import answer, write_json
from instroom.doors.cli.output.words import phrase
from instroom.flow import find
from instroom.flow.delivery.refresh import refresh_training


@click.command(name="refresh-training")
@options.customer
@options.by
@options.text_or_json
@click.pass_obj
def command(invocation: Invocation, customer: str, by: str, form: str) -> int:
    """Replace the dossiers in training with copies of those in live. What was imported only in training is lost."""
    counts = refresh_training(find.customer(customer), by=find.active_user(by))
    found = {"companies": counts.get("company", 0), "persons": counts.get("person", 0)}
    if form == "json":
        write_json({"customer": customer, "training": found})
        return 0
    companies = counted(found["companies"], "company", invocation.lang)
    persons = counted(found["persons"], "person", invocation.lang)
    answer(phrase("refreshed", invocation.lang, companies=companies, persons=persons))
    return 0
