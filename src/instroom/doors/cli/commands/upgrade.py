"""`instroom upgrade`: the tables of an older version become those of this one."""

import os

import click

from instroom.doors.cli.context import Invocation
from instroom.doors.cli.database import database_name, refuse_newer_tables, refuse_no_tables, telling
from instroom.doors.cli.input_file import shown
from instroom.doors.cli.output.streams import say
from instroom.doors.cli.output.words import phrase
from instroom.flow.operations.init import upgrade
from instroom.store.application_role import grant_to


@click.command(name="upgrade")
@click.option(
    "--application-role",
    metavar="ROLE",
    help="The role of PostgreSQL with which the application runs: give it what it needs of the new tables too.",
)
@click.pass_obj
def command(invocation: Invocation, application_role: str | None) -> int:
    """Bring the tables of the database to this version of Instroom, and do nothing else.

    Make a backup first: there is no way back to the older version. A database of a newer version is left as it is.
    """
    os.umask(0o077)
    with telling():
        refuse_no_tables()
        refuse_newer_tables()
        taken = upgrade()
        if application_role:
            grant_to(application_role)
    said = "upgraded" if taken else "up-to-date"
    say(phrase(said, invocation.lang, name=shown(database_name()), count=taken))
    if application_role:
        say(phrase("application-role", invocation.lang, name=application_role))
    return 0
