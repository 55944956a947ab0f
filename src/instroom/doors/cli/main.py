"""The entry point `instroom`: runs one command and turns whatever happens into an exit code and a sentence."""

import os
import sys
from contextlib import suppress

import click

from instroom.config import collect_less
from instroom.doors.cli.command_loader import Commands, common_options
from instroom.doors.cli.context import Invocation, invocation_of
from instroom.doors.cli.output.failures import Failure, failure_of
from instroom.doors.cli.output.streams import answer, prepare_streams, say, write_json
from instroom.doors.cli.wrong_use import BROKEN, INTERRUPTED, PIPE_CLOSED, WRONG_USE

HELP = """Import deliveries of companies and persons: checked, approved and undoable.

Messages are in Dutch unless you set --lang en or INSTROOM_LANG=en. Exit codes: 0 done; 1 done, and the answer is no;
2 wrong use or no such file; 3 something broke."""


def main() -> int:
    """Run the command of `sys.argv`; returns the exit code (product.md, Contracts)."""
    prepare_streams()
    collect_less()
    invocation = invocation_of(sys.argv[1:], os.environ)
    code = 0
    try:
        code = run(sys.argv[1:], invocation)
        sys.stdout.flush()
    except BrokenPipeError:
        leave_pipe()
        return PIPE_CLOSED
    except OSError as error:  # the last bytes did not fit on the disk that standard output goes to
        leave_pipe()
        return code if code == BROKEN else tell(failure_of(error, invocation), invocation)
    return code


def run(arguments: list[str], invocation: Invocation) -> int:
    """Run one command; every failure is told here, so that a command only does its own work.

    Not by Click's own `main`: that turns an EOFError into an abort and a broken pipe into exit code 1.
    """
    try:
        group = Commands(name="instroom", help=HELP, params=[version_option(), *common_options()])
        with group.make_context("instroom", arguments, obj=invocation) as context:
            outcome = group.invoke(context)
        return outcome if isinstance(outcome, int) else 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        say(error.message)
        return WRONG_USE
    except BrokenPipeError:
        raise
    except KeyboardInterrupt:
        say("")
        return INTERRUPTED
    except Exception as error:  # the last line of defence: a person gets a sentence, not a traceback
        return tell(failure_of(error, invocation), invocation, error)


def version_option() -> click.Option:
    """--version, read from the installed package only when it is asked for."""

    def show(context: click.Context, _: click.Parameter, asked_for: bool) -> None:
        if asked_for:
            from importlib.metadata import version  # noqa: PLC0415 - seldom asked

            answer(f"instroom {version('instroom')}")
            context.exit()

    return click.Option(
        ["--version"], is_flag=True, expose_value=False, is_eager=True, callback=show, help="Show the version."
    )


def tell(failure: Failure, invocation: Invocation, error: Exception | None = None) -> int:
    """Say what went wrong: a sentence on standard error, and a document on standard output where JSON was asked."""
    if error is not None and failure.unexpected and invocation.debug:
        from instroom.config.log_lines import traceback_of  # noqa: PLC0415 - only when something broke

        say(traceback_of(error))
    say(failure.sentence)
    if invocation.json and error is not None:
        with suppress(OSError):  # of a full disk behind standard output it has been said now
            write_json({"error": {"code": failure.code, "message": failure.sentence}})
    return failure.exit_code


def leave_pipe() -> None:
    """Nobody reads standard output any more: let Python's own flush at exit go nowhere."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, sys.stdout.fileno())
