"""The commands: each is loaded when it is asked for, those that need the store after Django is set up."""

import importlib
from functools import cache
from typing import Any, Final, NamedTuple

import click

from instroom.core.language import LANGUAGES
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.wrong_use import WrongUse


class Entry(NamedTuple):
    """A command in the list of `instroom --help`."""

    module: str
    """In `commands`, or by its whole name where another door has it."""
    help: str
    needs_store: bool = False


COMMANDS: Final[dict[str, Entry]] = {
    "check": Entry("check", "Check a file on your own machine; needs no database."),
    "template": Entry("template", "Write an empty or example file to fill in, or the XSD."),
    "layout": Entry("layout", "The layouts: list, add, show, remove, and propose one from a workbook."),
    "doctor": Entry("doctor", "Find out what is wrong with this site, and what to do."),
    "init": Entry("init", "Make the database.", needs_store=True),
    "backup": Entry("backup", "Copy all of this site into a folder, while it works.", needs_store=True),
    "restore": Entry("restore", "Make the site of a backup, on a machine that has none."),
    "upgrade": Entry("upgrade", "Bring the database to this version.", needs_store=True),
    "deliver": Entry("deliver", "Check a file, import it in training, and plan it against live.", needs_store=True),
    "show": Entry("show", "Show a delivery, with its findings and its plan.", needs_store=True),
    "deliveries": Entry("deliveries", "List a customer's deliveries.", needs_store=True),
    "approve": Entry("approve", "Approve a delivery and import it in live.", needs_store=True),
    "unapprove": Entry("unapprove", "Take a scheduled approval back.", needs_store=True),
    "refuse": Entry("refuse", "Refuse a delivery, with a reason.", needs_store=True),
    "confirm-complete": Entry("confirm_complete", "Say that a delivery is complete.", needs_store=True),
    "withdraw": Entry("withdraw", "Take a delivery back.", needs_store=True),
    "undo": Entry("undo", "Make a delivery that undoes another.", needs_store=True),
    "retry": Entry("retry", "Have a failed delivery tried again.", needs_store=True),
    "dossier": Entry("dossier", "Show a company or a person, and what each import changed.", needs_store=True),
    "person": Entry("person", "Give a person all that is known of them, or erase them.", needs_store=True),
    "privacy": Entry("privacy", "Which personal data is where, and the record of processing.", needs_store=True),
    "keys": Entry("keys", "Replace the keys under which data is encrypted.", needs_store=True),
    "export": Entry("export", "Write all dossiers in the delivery layout.", needs_store=True),
    "refresh-training": Entry("refresh_training", "Make training equal to live.", needs_store=True),
    "institute": Entry("institute", "The institute whose site this is: name, logo and help desk.", needs_store=True),
    "customer": Entry("customer", "The customers of this site: add, list, policies.", needs_store=True),
    "user": Entry("user", "The people who sign in: add, invite, list, roles, password.", needs_store=True),
    "invitation": Entry("invitation", "Invitations that are not accepted yet: list, withdraw.", needs_store=True),
    "token": Entry("token", "Make and end the tokens by which programs use the API.", needs_store=True),
    "account": Entry("account", "Make and change the accounts of the file server.", needs_store=True),
    "connection": Entry("connection", "Make and change connections, and see how they are.", needs_store=True),
    "provider": Entry("provider", "Let people sign in with their own organisation.", needs_store=True),
    "proposal": Entry("proposal", "Decide on what somebody else wants to relax.", needs_store=True),
    "webhook": Entry("webhook", "Tell programs of a customer what becomes of deliveries.", needs_store=True),
    "audit": Entry("audit", "Verify that the audit log is as it was written, and export it.", needs_store=True),
    "serve": Entry("instroom.serve", "The web pages, the file server and a worker, in one go.", needs_store=True),
    "web": Entry("instroom.doors.web.command", "The web pages alone, for production.", needs_store=True),
    "ftp": Entry("instroom.doors.ftp.command", "The file server alone, for production.", needs_store=True),
    "watch": Entry(
        "instroom.doors.watch.command", "Take the files that another server drops in a folder.", needs_store=True
    ),
    "worker": Entry("instroom.doors.worker.command", "Carry on all deliveries that are due.", needs_store=True),
    "demo": Entry("demo", "Go the whole way with example deliveries, telling what happens."),
}

_BEFORE_TABLES: Final = ("init", "upgrade")
"""They make what all others that need the store find."""
_ANYWHERE: Final = ("check", "template", "layout")
"""What a supplier may want on a machine of their own, whichever system it has."""


class Commands(click.Group):
    """`instroom`: knows the commands by name and loads only the one that is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the work, which is also the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command; None where there is none of that name."""
        entry = COMMANDS.get(cmd_name)
        return load_command(entry) if entry else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, unless a setting that holds for all of them is wrong."""
        invocation = ctx.obj
        if isinstance(invocation, Invocation) and invocation.wrong_setting:
            raise invocation.wrong_setting
        return super().invoke(ctx)


@cache
def load_command(entry: Entry) -> click.Command:
    """The command of a module: its `command`, with the options that every command takes."""
    if entry.module not in _ANYWHERE:
        refuse_without_linux()
    if entry.needs_store:
        from instroom.config import setup  # noqa: PLC0415 - Django takes 0.3 s, and `check` does without

        setup()
    name = entry.module if "." in entry.module else f"instroom.doors.cli.commands.{entry.module}"
    command: click.Command = importlib.import_module(name).command
    for leaf in leaves(command):
        leaf.params.extend(common_options())
        if entry.needs_store and entry.module not in _BEFORE_TABLES and leaf.callback:
            database = importlib.import_module("instroom.doors.cli.database")
            on_database = database.with_site if "." in entry.module else database.with_database  # a door, or a command
            leaf.callback = on_database(leaf.callback)
    return command


def refuse_without_linux() -> None:
    """Raise WrongUse where the system lacks the locks of files that all that is stored stands on."""
    try:
        import fcntl  # noqa: F401, PLC0415 - Windows has none
    except ImportError:
        raise WrongUse("needs-linux") from None


def leaves(command: click.Command) -> list[click.Command]:
    """The command itself, or the ones under it."""
    if isinstance(command, click.Group):
        return [leaf for below in command.commands.values() for leaf in leaves(below)]
    return [command]


def common_options() -> list[click.Parameter]:
    """--lang and --debug: documented and validated here, read before parsing by `invocation_of`."""
    return [
        click.Option(
            ["--lang"],
            type=click.Choice(LANGUAGES),
            expose_value=False,
            help="The language of messages: nl, unless INSTROOM_LANG says otherwise.",
        ),
        click.Option(["--debug"], is_flag=True, expose_value=False, help="Show where the program broke, if it does."),
    ]
