"""`instroom layout`: which layouts there are, those of the site, and a proposal for one (product.md A8)."""

from functools import partial
from pathlib import Path

import click

from instroom.core.errors import LayoutError
from instroom.core.layout.derive import derive
from instroom.core.layout.loader import Layout
from instroom.core.layout.standard import standard_layouts
from instroom.core.write.atomic import atomic_write
from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.input_file import delivered, shown
from instroom.doors.cli.layouts import existing_file, has_site, on_site
from instroom.doors.cli.output.output_file import free_target, write_to
from instroom.doors.cli.output.streams import answer, plain, say
from instroom.doors.cli.output.words import phrase
from instroom.doors.cli.wrong_use import WrongUse


@click.group(name="layout")
def command() -> None:
    """The layouts, also those that you add to the site, and a proposal for one from an existing workbook."""


@command.command(name="list")
@click.pass_obj
def list_command(invocation: Invocation) -> int:
    """List the layouts that --layout can name, one per line: name and number of columns."""
    for layout in standard_layouts():
        answer(_line(layout))
    if has_site():
        _list_own(invocation)
    return 0


@on_site
def _list_own(invocation: Invocation) -> None:
    from instroom.flow import site_layouts  # noqa: PLC0415 - needs Django

    for name in site_layouts.ids():
        try:
            if layout := site_layouts.named(name):
                answer(_line(layout))
        except LayoutError as error:  # it was sound for an older version of Instroom
            say(error.sentence(invocation.lang))


def _line(layout: Layout) -> str:
    return plain(f"{layout.id}\t{len(layout.columns)}")


@command.command(name="add")
@click.argument("file", metavar="FILE.toml", type=options.FILE)
@options.by
@click.pass_obj
@on_site
def add_command(invocation: Invocation, file: str, by: str) -> int:
    """Add the layout in FILE.toml, for all customers. Another content is another version."""
    from instroom.flow import find  # noqa: PLC0415 - needs Django
    from instroom.flow.operations import layouts  # noqa: PLC0415 - needs Django

    added = layouts.add(existing_file(file), by=find.active_user(by))
    say(phrase("layout-added", invocation.lang, layout=added))
    return 0


@command.command(name="show")
@click.argument("name")
@on_site
def show_command(name: str) -> int:
    """Print the file of a layout of the site, such as klant/1, as it was added."""
    from instroom.flow import site_layouts  # noqa: PLC0415 - needs Django

    answer(plain(site_layouts.stored(name).text))
    return 0


@command.command(name="remove")
@click.argument("name")
@options.by
@click.pass_obj
@on_site
def remove_command(invocation: Invocation, name: str, by: str) -> int:
    """Remove a layout of the site, such as klant/1, that no delivery and no connection uses."""
    from instroom.flow import find  # noqa: PLC0415 - needs Django
    from instroom.flow.operations import layouts  # noqa: PLC0415 - needs Django

    layouts.remove(name, by=find.active_user(by))
    say(phrase("layout-removed", invocation.lang, layout=name))
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
