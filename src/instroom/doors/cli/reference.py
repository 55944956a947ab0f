"""The reference page of the command line, made from the commands themselves."""

from collections.abc import Iterator
from typing import Final

import click

from instroom.doors.cli.command_loader import COMMANDS, Commands, load_command
from instroom.doors.cli.main import HELP

_GENERATED: Final = "<!-- Generated from the commands by `instroom.doors.cli.reference`; not written by hand. -->"
_WIDTH: Final = 100


def pages() -> dict[str, str]:
    """Every generated page about the command line: its path in the repository and its text."""
    return {"docs/reference/cli.md": "\n".join(_page())}


def _page() -> Iterator[str]:
    top = Commands(name="instroom", help=HELP)
    yield from (_GENERATED, "", "# The command line", "", HELP, "")
    for name, entry in COMMANDS.items():
        context = click.Context(top, info_name="instroom", terminal_width=_WIDTH)
        yield from _command(load_command(entry), name, context)


def _command(command: click.Command, name: str, parent: click.Context) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent, terminal_width=_WIDTH, max_content_width=_WIDTH)
    if isinstance(command, click.Group):
        for below, leaf in command.commands.items():
            yield from _command(leaf, below, context)
        return
    yield from (f"## {context.command_path}", "", "```text", command.get_help(context), "```", "")
