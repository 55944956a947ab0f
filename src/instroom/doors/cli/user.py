"""`instroom user`: the people who sign in."""

import sys

import click

from instroom.doors.cli.asked import Asked
from instroom.doors.cli.streams import say
from instroom.doors.cli.words import phrase
from instroom.flow.passwords import set_password


@click.group(name="user")
def command() -> None:
    """The people who sign in to the web pages."""


@command.command(name="password")
@click.argument("name")
@click.pass_obj
def password(asked: Asked, name: str) -> int:
    """Give the user NAME a password, read from standard input: its first line.

    Whoever is signed in under that name is signed out.
    """
    if sys.stdin.isatty():
        text = click.prompt(phrase("new-password", asked.lang), hide_input=True, err=True)
    else:
        text = sys.stdin.readline().rstrip("\r\n")
    set_password(name, text)
    say(phrase("password-set", asked.lang, name=name))
    return 0
