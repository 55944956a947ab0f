"""`instroom keys`: the keys under which this site's data is encrypted."""

import click

from instroom.core.wording.phrases import number
from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.database import with_database
from instroom.doors.cli.output.streams import answer, write_json
from instroom.doors.cli.output.words import phrase
from instroom.flow.operations import key_rotation


@click.group(name="keys")
def command() -> None:
    """The keys under which data is encrypted."""


@command.command()
@options.text_or_json
@click.pass_obj
@with_database
def rotate(invocation: Invocation, form: str) -> int:
    """Replace the site's secret key and the data key of each customer, and encrypt all that is stored anew.

    Everything goes on running. Where INSTROOM_SECRET_KEYS gives the secret keys, put a new one before them yourself,
    restart all processes with it, and then run this.
    """
    done = key_rotation.rotate()
    if form == "json":
        write_json(done._asdict())
        return 0
    answer(phrase("site-key-new" if done.site_key else "site-key-set", invocation.lang))
    counts = {name: number(count, invocation.lang) for name, count in done._asdict().items() if name != "site_key"}
    answer(phrase("keys-rotated", invocation.lang, **counts))
    return 0
