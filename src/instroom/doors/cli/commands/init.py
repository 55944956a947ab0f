"""`instroom init`: the database, and a customer to start with."""

import os

import click

from instroom.doors.cli.context import Invocation
from instroom.doors.cli.database import database_name, telling
from instroom.doors.cli.input_file import shown
from instroom.doors.cli.output.streams import say
from instroom.doors.cli.output.words import phrase
from instroom.flow.operations.init import DEMO_USERS, init


@click.command(name="init")
@click.pass_obj
def command(invocation: Invocation) -> int:
    """Create the database and a customer `demo` with a user for each role; running it again changes nothing.

    The database is a file in the folder INSTROOM_HOME (default ./instroom-data), or the PostgreSQL database that
    INSTROOM_DATABASE_URL names.
    """
    os.umask(0o077)
    with telling():
        new = init()
    if new:
        say(phrase("made", invocation.lang, name=shown(database_name()), users=DEMO_USERS))
        say(phrase("made-next", invocation.lang))
    else:
        say(phrase("made-before", invocation.lang, name=shown(database_name())))
    return 0
