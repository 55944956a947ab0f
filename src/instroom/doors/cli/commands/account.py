"""`instroom account`: who may deliver at the file server (product.md F2)."""

import sys

import click

from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.output.streams import answer, say, write_json
from instroom.doors.cli.output.words import phrase
from instroom.flow import find
from instroom.flow.file_server import accounts
from instroom.flow.file_server.account_bans import lift_bans
from instroom.flow.file_server.account_state import document, state_of
from instroom.store.models import FileAccount


@click.group(name="account")
def command() -> None:
    """The accounts of the file server. Each delivers for one customer, and sees its own directory alone."""


@command.command(name="add")
@click.argument("name")
@options.customer
@click.option("--plain-ftp", is_flag=True, help="Allow signing in without TLS, which sends the password in the clear.")
@options.by
@click.pass_obj
def add(invocation: Invocation, name: str, customer: str, plain_ftp: bool, by: str) -> int:
    """Create the account NAME. Its password is read from the first line of standard input."""
    made = accounts.add(
        name, find.customer(customer), _password(invocation), by=find.active_user(by), plain_ftp=plain_ftp
    )
    say(phrase("account-made", invocation.lang, name=made.name, customer=customer))
    return 0


@command.command(name="list")
@options.customer
@options.text_or_json
@click.pass_obj
def show_all(invocation: Invocation, customer: str, form: str) -> int:
    """List the accounts of a customer."""
    found = accounts.of_customer(find.customer(customer))
    if form == "json":
        write_json({"accounts": [document(state_of(one)) for one in found]})
        return 0
    for one in found:
        answer(_line(one, invocation))
    if not found:
        say(phrase("no-accounts", invocation.lang, customer=customer))
    return 0


@command.command(name="password")
@click.argument("name")
@options.by
@click.pass_obj
def password(invocation: Invocation, name: str, by: str) -> int:
    """Set a new password for the account NAME, read from the first line of standard input."""
    accounts.change(accounts.account(name), by=find.active_user(by), password=_password(invocation))
    say(phrase("password-set", invocation.lang, name=name))
    return 0


@command.command(name="change")
@click.argument("name")
@click.option("--plain-ftp/--tls-only", "plain_ftp", default=None, help="Whether it may sign in without TLS.")
@click.option(
    "--allow-missing-close-notify/--require-close-notify",
    "allow_missing_close_notify",
    default=None,
    help="Whether TLS data may end without close_notify: for a program that cannot do otherwise. Half a file may then"
    " pass for a whole one.",
)
@click.option("--on/--off", "active", default=None, help="Whether it may sign in at all.")
@options.by
@click.pass_obj
def change(
    invocation: Invocation,
    name: str,
    plain_ftp: bool | None,
    allow_missing_close_notify: bool | None,
    active: bool | None,
    by: str,
) -> int:
    """Change what the account NAME may do."""
    account = accounts.account(name)
    accounts.change(
        account,
        by=find.active_user(by),
        plain_ftp=plain_ftp,
        allow_missing_close_notify=allow_missing_close_notify,
        active=active,
    )
    answer(_line(account, invocation))
    return 0


@command.command(name="unban")
@click.argument("name")
@options.by
@click.pass_obj
def unban(invocation: Invocation, name: str, by: str) -> int:
    """Forget the failed sign-ins of the account NAME: it may try again at once."""
    lift_bans(accounts.account(name), by=find.active_user(by))
    say(phrase("account-unbanned", invocation.lang, name=name))
    return 0


def _password(invocation: Invocation) -> str:
    if sys.stdin.isatty():
        return str(click.prompt(phrase("new-password", invocation.lang), hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def _line(account: FileAccount, invocation: Invocation) -> str:
    words = ["account-plain" if account.plain_ftp else "account-tls"]
    words += ["account-missing-close-notify"] if account.allow_missing_close_notify else []
    words += [] if account.active else ["account-off"]
    return f"{account.name}: {', '.join(phrase(word, invocation.lang) for word in words)}"
