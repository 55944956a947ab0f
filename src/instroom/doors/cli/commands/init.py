"""`instroom init`: the database and, where that is asked, an example customer."""

import os

import click

from instroom.doors.cli.context import Invocation
from instroom.doors.cli.database import database_name, refuse_newer_tables, say_taken_in, telling
from instroom.doors.cli.input_file import shown
from instroom.doors.cli.output.streams import say
from instroom.doors.cli.output.words import phrase
from instroom.flow.operations.init import DEMO_USERS, add_demo, has_site_operator, init
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
@click.option("--demo", is_flag=True, help="Also make an example customer `demo`, with a user for each role.")
@click.pass_obj
def command(invocation: Invocation, application_role: str | None, adopt_files: bool, demo: bool) -> int:
    """Create the database, or bring it up to date as `instroom upgrade` does; running it again changes nothing.

    The database is a file in the folder INSTROOM_HOME (default ./instroom-data), or the PostgreSQL database that
    INSTROOM_DATABASE_URL names.
    """
    os.umask(0o077)
    with telling():
        refuse_newer_tables()
        changed = init(adopt_files)
        made_demo = demo and add_demo()
        if application_role:
            grant_to(application_role)
        say_taken_in()
        needs_operator = not has_site_operator()
    say(phrase("made" if changed else "made-before", invocation.lang, name=shown(database_name())))
    if demo:
        say(phrase("made-demo" if made_demo else "made-demo-before", invocation.lang, users=DEMO_USERS))
    if made_demo or needs_operator:
        say(phrase("made-demo-next" if made_demo else "made-next", invocation.lang))
    if application_role:
        say(phrase("application-role", invocation.lang, name=application_role))
    return 0
