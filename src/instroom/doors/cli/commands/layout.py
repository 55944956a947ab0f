"""`instroom layout`: which layouts there are, and a proposal for one (product.md A8)."""

from functools import partial
from pathlib import Path

import click

from instroom.core.errors import LayoutError
from instroom.core.layout.derive import derive
from instroom.core.layout.find import known_layouts
from instroom.core.write.atomic import atomic_write
from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.input_file import delivered, shown
from instroom.doors.cli.layouts import folders
from instroom.doors.cli.output.output_file import free_target, write_to
from instroom.doors.cli.output.streams import answer, plain, say
from instroom.doors.cli.output.words import phrase
from instroom.doors.cli.wrong_use import WrongUse


@click.group(name="layout")
def command() -> None:
    """Show the layouts, or propose one from an existing workbook."""


@command.command(name="list")
@click.pass_obj
def list_command(invocation: Invocation) -> int:
    """List the layouts that --layout can name, one per line: name and number of columns."""
    known, broken = known_layouts(folders())
    for layout in known:
        answer(plain(f"{layout.id}\t{len(layout.columns)}"))
    for error in broken:
        say(error.sentence(invocation.lang))
    return 0


@command.command(name="derive")
@click.argument("workbook", type=options.FILE)
@click.option("-o", "--output", metavar="FILE.toml", help="Where to write; standard output by default.")
@click.pass_obj
def derive_command(invocation: Invocation, workbook: str, output: str | None) -> int:
    """Propose a layout from the header row of an existing template WORKBOOK (.xlsx), for you to review and complete."""
    with delivered(workbook) as (path, _):
        proposal = _proposal(path)
    if output is None or output == "-":
        answer(plain(proposal))
        return 0
    target = free_target(output, workbook, (".toml",))
    write_to(target, partial(_write_proposal, proposal))
    say(phrase("written", invocation.lang, name=shown(target)))
    return 0


def _proposal(workbook: Path) -> str:
    try:
        return derive(workbook)
    except LayoutError as error:
        raise WrongUse("derive", problem=error) from error


def _write_proposal(proposal: str, target: Path) -> None:
    with atomic_write(target) as draft:
        draft.write_text(proposal, encoding="utf-8")
