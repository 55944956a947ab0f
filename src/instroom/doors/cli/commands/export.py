"""`instroom export`: the dossiers of an environment, in the delivery layout."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import click

from instroom.core.layout.standard import DEFAULT_LAYOUT
from instroom.core.model import FileFormat
from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.input_file import shown
from instroom.doors.cli.output.output_file import free_target, write_stdout, write_to
from instroom.doors.cli.output.streams import answer, plain, say
from instroom.doors.cli.output.words import phrase
from instroom.doors.cli.wrong_use import WrongUse
from instroom.flow import find
from instroom.flow.operations.export import Exported, export

FORMATS = ("csv", "xlsx", "xml")


@click.command(name="export")
@click.option(
    "--environment", type=click.Choice(["training", "live"]), required=True, help="The environment to export."
)
@options.customer
@click.option("--format", "form", type=click.Choice(FORMATS), help="By default the format of the -o name, or csv.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Where to write; by default CUSTOMER-ENVIRONMENT.csv here; - is standard output.",
)
@click.option(
    "--layout",
    "layout_name",
    default=DEFAULT_LAYOUT,
    show_default=True,
    metavar="NAME",
    help="The layout to write: a name of `instroom layout list`.",
)
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
    place = find.environment(find.customer(customer), environment)
    name = f"{customer}-{environment}.{form}"

    def write(path: Path) -> Exported:
        return export(place, path, cast(FileFormat, form), layout_name)

    done = _to_stdout(name, write) if output == "-" else _to_files(name, output, write)
    say(phrase("exported", invocation.lang, rows=done.rows))
    if done.shortened:
        say(phrase("shortened", invocation.lang, count=done.shortened))
    return 0


def _to_files(name: str, output: str | None, write: Callable[[Path], Exported]) -> Exported:
    """Raises WrongUse where a file stands there that nobody named."""
    target = free_target(output or name)
    if output is None and target.exists():
        raise WrongUse("exists", name=shown(target))
    done = write_to(target, write)
    for file in done.files:
        answer(plain(shown(file)))
    return done


def _to_stdout(name: str, write: Callable[[Path], Exported]) -> Exported:
    """Raises WrongUse for numbered files, of which standard output cannot hold more than one."""
    done = write_stdout(name, write)
    if len(done.files) > 1:
        raise WrongUse("many-files", count=len(done.files))
    return done
