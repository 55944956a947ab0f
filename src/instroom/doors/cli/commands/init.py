"""`instroom init`: the database and, where that is asked, an example customer."""

import os
import sys

import click
from django.conf import settings

from instroom.doors.cli.context import Invocation
from instroom.doors.cli.database import database_name, refuse_newer_tables, say_taken_in, telling
from instroom.doors.cli.input_file import shown
from instroom.doors.cli.output.streams import say
from instroom.doors.cli.output.words import phrase
from instroom.flow.operations.first_operator import first_operator, one_time_password
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
@click.option("--email", default="", metavar="ADDRESS", help="The e-mail address of the first operator.")
@click.option("--demo", is_flag=True, help="Also make an example customer `demo`, with a user for each role.")
@click.pass_obj
def command(invocation: Invocation, application_role: str | None, adopt_files: bool, email: str, demo: bool) -> int:
    """Create the database, or bring it up to date as `instroom upgrade` does; running it again changes nothing.

    A site that has no operator gets one, called operator: where this is typed at a terminal, which shows the password,
    or with --email.

    The database is a file in the folder INSTROOM_HOME (default ./instroom-data), or the PostgreSQL database that
    INSTROOM_DATABASE_URL names.
    """
    os.umask(0o077)
    with telling():
        refuse_newer_tables()
        changed = init(adopt_files)
        needs_operator = not has_site_operator()
        made_demo = demo and add_demo()
        if application_role:
            grant_to(application_role)
        say_taken_in()
        at_terminal = sys.stderr.isatty()  # a password must not end up in a log
        operator = first_operator(email) if needs_operator and (email or at_terminal) else None
        password = one_time_password(operator) if operator and at_terminal else ""
    say(phrase("made" if changed else "made-before", invocation.lang, name=shown(database_name())))
    if demo:
        say(phrase("made-demo" if made_demo else "made-demo-before", invocation.lang, users=DEMO_USERS))
    if operator:
        told = "first-operator" if password else "first-operator-without-password"
        facts = {"name": operator.username, "password": password, "address": settings.INSTROOM_ADDRESS}
        say(phrase(told, invocation.lang, **facts))
    elif email:
        say(phrase("email-not-used", invocation.lang))
    if made_demo:
        say(phrase("made-demo-next", invocation.lang))
    elif needs_operator and not operator:
        say(phrase("made-next", invocation.lang))
    if application_role:
        say(phrase("application-role", invocation.lang, name=application_role))
    return 0
