"""`instroom customer move`: a customer moves from one site to another."""

from collections.abc import Callable
from pathlib import Path

import click

from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.output.streams import answer, write_json
from instroom.doors.cli.output.words import phrase
from instroom.flow import find
from instroom.flow.moving import arriving, cancelling, leaving
from instroom.flow.moving.bundle import bundle_in
from instroom.store.models import User

_STEPS = ("out", "in", "done", "open", "cancel")


def _step(name: str, text: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    return click.option(f"--{name}", f"{name}_of", type=click.Path(path_type=Path), metavar="FOLDER", help=text)


@click.command(name="move")
@click.argument("name", required=False)
@_step("out", "1. On the old site: close the customer NAME, and write all of it into FOLDER.")
@_step("in", "2. On the new site: take in the customer of FOLDER; it stays closed.")
@_step("done", "3. On the old site: delete the customer NAME here, as the new site has all of it.")
@_step("open", "4. On the new site: let the customer of FOLDER go on here.")
@_step("cancel", "Instead of 3, on either site: the customer NAME goes on at the old site.")
@click.option(
    "--key",
    "key_file",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The key of the bundle: --out makes it where there is none. Bring it to the new site by another way.",
)
@click.option("--user", "users", multiple=True, metavar="OLD=NEW", help="With --in: another name for a user here.")
@options.by
@options.text_or_json
@click.pass_obj
def move(
    invocation: Invocation,
    /,
    name: str | None,
    key_file: Path,
    users: tuple[str, ...],
    by: str,
    form: str,
    **steps: Path,
) -> int:
    """Move a customer to another site, with its files, its history and what waits.

    Bring FOLDER to the other site after each step. The customer is closed from the first step to the last: nothing
    changes, and what people and programs send is refused for the time being. Each step can be repeated where it broke
    off.
    """
    chosen = [step for step in _STEPS if steps[f"{step}_of"]]
    if len(chosen) != 1:
        raise click.UsageError(phrase("move-one-step", invocation.lang))
    [step] = chosen
    if (name is None) == (step in ("out", "done", "cancel")):
        raise click.UsageError(phrase("move-name", invocation.lang))
    renamed = dict(one.partition("=")[::2] for one in users)
    if not all(renamed) or not all(renamed.values()) or (renamed and step != "in"):
        raise click.BadParameter(phrase("move-user", invocation.lang), param_hint="--user")
    moved = _move(step, name or "", steps[f"{step}_of"], key_file, renamed, find.active_user(by))
    if form == "json":
        write_json({"customer": moved, "step": step})
    else:
        answer(phrase(f"moved-{step}", invocation.lang, name=moved))
    return 0


def _move(step: str, name: str, folder: Path, key_file: Path, renamed: dict[str, str], user: User) -> str:
    """Take the step, and give the name of the customer."""
    bundle = bundle_in(folder, key_file, make_key=step == "out")
    if step == "in":
        return arriving.take_in(bundle, renamed, by=user).name
    if step == "open":
        return arriving.open_customer(bundle, by=user).name
    if step == "out":
        leaving.write_bundle(find.customer(name), bundle, by=user)
    elif step == "done":
        leaving.finish(name, bundle, by=user)
    else:
        cancelling.cancel(name, bundle, by=user)
    return name
