"""`instroom export`: the dossiers of an environment, in the delivery layout."""

from pathlib import Path
from typing import cast

import click

from instroom.core.model import FileFormat
from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.input_file import shown
from instroom.doors.cli.output.output_file import free_target, write_to
from instroom.doors.cli.output.streams import answer, plain, say
from instroom.doors.cli.output.words import phrase
from instroom.doors.cli.wrong_use import WrongUse
from instroom.flow import find
from instroom.flow.queries.export import export

FORMATS = ("csv", "xlsx", "xml")


@click.command(name="export")
@click.option(
    "--environment", type=click.Choice(["training", "live"]), required=True, help="The environment to export."
)
@options.customer
@click.option("--format", "form", type=click.Choice(FORMATS), help="By default the format of the -o name, or csv.")
@click.option("-o", "--output", metavar="FILE", help="Where to write; by default CUSTOMER-ENVIRONMENT.csv here.")
@options.layout_name
@click.pass_obj
def command(
    invocation: Invocation, environment: str, customer: str, form: str | None, output: str | None, layout_name: str
) -> int:
    """Write all dossiers in the delivery layout; delivering that file changes nothing. Prints the names written.

    More than 10,000 rows go to numbered files. A dossier with more than five categories or free
    fields gives its first five, with a message.
    """
    suffix = Path(output or "").suffix.lower().removeprefix(".")
    form = form or (suffix if suffix in FORMATS else "csv")
    target = free_target(output or f"{customer}-{environment}.{form}")
    if output is None and target.exists():
        raise WrongUse("exists", name=shown(target))
    place = find.environment(find.customer(customer), environment)
    done = write_to(target, lambda path: export(place, path, cast(FileFormat, form), layout_name))
    for file in done.files:
        answer(plain(shown(file)))
    say(phrase("exported", invocation.lang, rows=done.rows))
    if done.shortened:
        say(phrase("shortened", invocation.lang, count=done.shortened))
    return 0
