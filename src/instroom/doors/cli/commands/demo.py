"""`instroom demo`: the whole way with example deliveries, by the same commands that a person types."""

import os
import sys
import tempfile
from contextlib import ExitStack, chdir, suppress
from pathlib import Path

import click

from instroom.doors.cli.context import Invocation
from instroom.doors.cli.demo.server import free_port, loopback
from instroom.doors.cli.demo.steps import Steps
from instroom.doors.cli.input_file import shown
from instroom.doors.cli.output.streams import answer
from instroom.doors.cli.output.words import phrase
from instroom.doors.cli.wrong_use import WrongUse

PEOPLE = ("operator", "supplier", "approver", "reader")
PERSON = ("person", "Voorbeeld-HR", "P0003")


@click.command(name="demo")
@click.option("--folder", metavar="FOLDER", help="Work in this empty folder and keep it; by default a temporary one.")
@click.option("--serve", is_flag=True, help="Keep the example until you stop it, with the web pages, for this machine.")
@click.pass_obj
def command(invocation: Invocation, folder: str | None, serve: bool) -> int:
    """Show the whole way of example deliveries, step by step, in a folder and a database of its own.

    Settings of a site that is in use do not hold for it.

    Exit code 3: a step did not give the expected result.
    """
    with ExitStack() as stack:
        place = Path(folder) if folder else Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="instroom-")))
        place = _empty(place)
        stack.enter_context(chdir(place))
        for name in [name for name in os.environ if name.startswith("INSTROOM_")]:
            del os.environ[name]  # a demo has no place in a site that is in use
        os.environ |= {"INSTROOM_HOME": str(place / "instroom-data"), "INSTROOM_LANG": invocation.lang}
        port = free_port(8000)
        os.environ |= loopback(port) if serve else {}
        answer(phrase("demo-start", invocation.lang, folder=place))
        steps = Steps(invocation.lang)
        go(steps)
        answer("\n" + phrase("demo-end", invocation.lang))
        if serve:
            _serve(steps, port, invocation)
        close_database()
        if folder:
            answer(phrase("demo-kept", invocation.lang, folder=shown(place)))
    if serve and not folder:
        answer(phrase("demo-gone", invocation.lang))
    elif not serve:
        answer(phrase("demo-look", invocation.lang))
    return 0


def _serve(steps: Steps, port: int, invocation: Invocation) -> None:
    answer(phrase("demo-serve", invocation.lang, port=port, **steps.give_passwords(*PEOPLE)))
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):  # stopped before it had begun
        steps.serve()


def _empty(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        occupied = any(folder.iterdir())
    except OSError as error:
        raise WrongUse("not-writable", name=shown(folder), reason=error.strerror) from error
    if occupied:
        raise WrongUse("not-empty", name=shown(folder))
    return folder.absolute()


def close_database() -> None:
    """Let go of the database's file before its folder goes."""
    from django.db import connections  # noqa: PLC0415 - Django is loaded by the demo's first step

    connections.close_all()


def go(steps: Steps) -> None:
    """The story. Raises Broken at the first step that does not give what it must."""
    steps.do("init", "init --demo")
    steps.do("template", "template -o sjabloon.xlsx", "template --example -o personen.csv")
    steps.write_mistake("fout.csv")
    steps.do("mistake", "check fout.csv", code=1)
    steps.do("check", "check personen.csv")

    first = steps.deliver_by_file_server("personen.csv")
    steps.must("training", first["training"]["state"] == "imported" and first["training"]["persons"]["new"] > 0)
    steps.must("plan", first["live"]["state"] == "planned" and first["live"]["persons"]["new"] > 0)
    steps.do("approve", f"approve {first['id']}")
    before = steps.everything()

    steps.write_second("personen-2.csv")
    second = steps.deliver("second", "personen-2.csv")
    links = {name: second["live"]["persons"][name] for name in ("new", "changed", "relinked", "unlinked")}
    steps.must("changes", all(links.values()))
    steps.do("show", f"show {second['id']}")
    steps.do("approve-second", f"approve {second['id']}")
    steps.must("second-live", steps.everything() != before)
    steps.do("dossier", f"dossier {' '.join(PERSON)}")

    steps.do("undo", f"undo {second['id']}")
    undo = steps.newest()
    steps.must("undo-waits", undo["state"] == "awaiting-approval" and undo["id"] != second["id"])
    steps.do("approve-undo", f"approve {undo['id']}")
    steps.must("undone", steps.everything() == before)
    steps.must("undone-state", steps.document(second["id"])["state"] == "undone")

    steps.do("export", "export --environment live -o export.csv")
    again = steps.deliver("again", "export.csv")["live"]
    steps.must(
        "unchanged", sum(again[kind][word] for kind in ("companies", "persons") for word in ("new", "changed")) == 0
    )
