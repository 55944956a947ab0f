"""`instroom init`: the database, and a customer to start with."""

import os

import click

from instroom.doors.cli.context import Invocation
from instroom.doors.cli.database import database_name, say_taken_in, telling
from instroom.doors.cli.input_file import shown
from instroom.doors.cli.output.streams import say
from instroom.doors.cli.output.words import phrase
from instroom.flow.operations.init import DEMO_USERS, init
from instroom.store.application_role import grant_to


@click.command(name="init")
@click.option(
    "--application-role",
    metavar="ROLE",
    help="A role of PostgreSQL with which the application will run: give it what it needs, and no right to change the "
    "audit log. Again after each upgrade.",
)
@click.option(
    "--adopt-files",
    is_flag=True,
    help="Make the folder of files this site's, although it is another site's, or lacks files that the database knows.",
)
@click.pass_obj
def command(invocation: Invocation, application_role: str | None, adopt_files: bool) -> int:
    """Create the database and a customer `demo` with a user for each role; running it again changes nothing.

    The database is a file in the folder INSTROOM_HOME (default ./instroom-data), or the PostgreSQL database that
    INSTROOM_DATABASE_URL names.
    """
    os.umask(0o077)
    with telling():
        new = init(adopt_files)
        if application_role:
            grant_to(application_role)
        say_taken_in()
    if new:
        say(phrase("made", invocation.lang, name=shown(database_name()), users=DEMO_USERS))
        say(phrase("made-next", invocation.lang))
    else:
        say(phrase("made-before", invocation.lang, name=shown(database_name())))
    if application_role:
        say(phrase("application-role", invocation.lang, name=application_role))
    return 0
