"""`instroom account`: who may deliver at the file server (product.md F2)."""

import sys
from typing import Any
from uuid import UUID

import click
from django.utils import timezone

from instroom.core.report.visible import visible
from instroom.core.wording.catalogue import label
from instroom.core.wording.phrases import moment
from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.output.streams import answer, answer_list, say
from instroom.doors.cli.output.words import phrase
from instroom.flow import find
from instroom.flow.file_server import accounts, failed_attempts, left_files, removing
from instroom.flow.file_server.account_bans import lift_bans
from instroom.flow.file_server.account_state import document, state_of
from instroom.flow.file_server.tls_resumption import CHOICES, must_resume
from instroom.store.models import FailedAttempt, FileAccount


@click.group(name="account")
def command() -> None:
    """The accounts of the file server. Each delivers for one customer, and sees its own directory alone."""


@command.command(name="add")
@click.argument("name")
@options.customer
@click.option("--plain-ftp", is_flag=True, help="Allow signing in without TLS, which sends the password in the clear.")
@options.sources
@options.by
@click.pass_obj
def add(invocation: Invocation, name: str, customer: str, plain_ftp: bool, sources: list[str] | None, by: str) -> int:
    """Create the account NAME.

    Its password is generated and printed, unless the first line of standard input has one.
    """
    given = _given_password(invocation)
    password = given or accounts.new_password()
    owner, operator = find.customer(customer), find.active_user(by)
    made = accounts.add(name, owner, password, by=operator, plain_ftp=plain_ftp, sources=sources or ())
    if not given:
        answer(password)
    say(phrase("account-made", invocation.lang, name=made.name, customer=customer))
    return 0


@command.command(name="list")
@options.customer
@options.text_or_json
@click.pass_obj
def show_all(invocation: Invocation, customer: str, form: str) -> int:
    """List the accounts of a customer."""
    found = accounts.of_customer(find.customer(customer))
    nothing = phrase("no-accounts", invocation.lang, customer=customer)
    return answer_list(
        "accounts", found, form, lambda one: document(state_of(one)), lambda one: _line(one, invocation), nothing
    )


@command.command(name="password")
@click.argument("name")
@options.by
@click.pass_obj
def password(invocation: Invocation, name: str, by: str) -> int:
    """Set a new password for the account NAME: generated and printed, or the first line of standard input."""
    given = _given_password(invocation)
    password = given or accounts.new_password()
    accounts.change(accounts.account(name), by=find.active_user(by), password=password)
    if not given:
        answer(password)
    say(phrase("password-set", invocation.lang, name=name))
    return 0


@command.command(name="change")
@click.argument("name")
@options.new_name
@click.option("--plain-ftp/--tls-only", "plain_ftp", default=None, help="Whether it may sign in without TLS.")
@click.option(
    "--allow-missing-close-notify/--require-close-notify",
    "allow_missing_close_notify",
    default=None,
    help="Whether TLS data may end without close_notify: for a program that cannot do otherwise. Half a file may then"
    " pass for a whole one.",
)
@click.option(
    "--tls-resumption",
    type=click.Choice(CHOICES),
    default=None,
    help="Whether its data connections must resume the TLS session of the control connection: learned, from what its"
    " program does; always; or never.",
)
@click.option("--on/--off", "active", default=None, help="Whether it may sign in at all. Off ends its open sessions.")
@click.option("--contact", metavar="USER", help="Whose program it is; blank for nobody's.")
@options.sources
@options.by
@click.pass_obj
def change(
    invocation: Invocation,
    name: str,
    new_name: str | None,
    plain_ftp: bool | None,
    allow_missing_close_notify: bool | None,
    tls_resumption: str | None,
    active: bool | None,
    contact: str | None,
    sources: list[str] | None,
    by: str,
) -> int:
    """Change what the account NAME may do, or its name. Its directory and its password stay."""
    account = accounts.account(name)
    accounts.change(
        account,
        by=find.active_user(by),
        name=new_name,
        plain_ftp=plain_ftp,
        allow_missing_close_notify=allow_missing_close_notify,
        active=active,
        tls_resumption=tls_resumption,
        contact=contact,
        sources=sources,
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


@command.command(name="remove")
@click.argument("name")
@options.by
@click.pass_obj
def remove(invocation: Invocation, name: str, by: str) -> int:
    """Remove the account NAME, once no connection has it and nothing of it waits. Its deliveries stay."""
    removing.remove(accounts.account(name), by=find.active_user(by))
    say(phrase("account-removed", invocation.lang, name=name))
    return 0


@command.command(name="failed")
@click.argument("name")
@options.text_or_json
@click.pass_obj
def failed(invocation: Invocation, name: str, form: str) -> int:
    """List the sign-ins and uploads of the account NAME that failed, the last one first, with their cause."""
    found = failed_attempts.attempts_of([accounts.account(name)])

    def attempt(one: FailedAttempt) -> dict[str, Any]:
        return failed_attempts.document(one, invocation.lang)

    def line(one: FailedAttempt) -> str:
        about = ", ".join(visible(text) for text in (one.file_name, one.address) if text)
        cause = label("failed-attempt", one.cause, invocation.lang)
        at = moment(timezone.localtime(one.at), invocation.lang)
        return f"{at}  {one.times} x  {cause}{f' ({about})' if about else ''}"

    return answer_list("attempts", found, form, attempt, line, phrase("no-failed-attempts", invocation.lang, name=name))


@command.command(name="left")
@click.argument("name")
@click.option("--deliver", type=click.UUID, metavar="ID", help="First deliver this one under the name that it has.")
@click.option("--delete", type=click.UUID, metavar="ID", help="First throw this one away.")
@options.by
@options.text_or_json
@click.pass_obj
def left(invocation: Invocation, name: str, deliver: UUID | None, delete: UUID | None, by: str, form: str) -> int:
    """List the complete uploads of the account NAME under a temporary name, which its program has not renamed."""
    account = accounts.account(name)
    if deliver:
        made = left_files.deliver(account, deliver, by=find.active_user(by))
        say(phrase("left-file-delivered", invocation.lang, id=made.pk))
    if delete:
        left_files.delete(account, delete, by=find.active_user(by))
    found = left_files.left_files(account)

    def line(one: left_files.LeftFile) -> str:
        until = moment(timezone.localtime(one.kept_until), invocation.lang)
        return phrase("left-file", invocation.lang, id=one.id, name=visible(one.name), bytes=one.bytes, until=until)

    nothing = phrase("no-left-files", invocation.lang, name=name)
    return answer_list("files", found, form, left_files.document, line, nothing)


def _given_password(invocation: Invocation) -> str:
    if sys.stdin.isatty():
        asked = phrase("new-account-password", invocation.lang)
        return str(click.prompt(asked, default="", show_default=False, hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def _line(account: FileAccount, invocation: Invocation) -> str:
    words = ["account-plain" if account.plain_ftp else "account-tls"]
    words += ["account-missing-close-notify"] if account.allow_missing_close_notify else []
    words += ["account-tls-resumption"] if must_resume(account) else []
    words += [] if account.active else ["account-off"]
    return f"{account.name}: {', '.join(phrase(word, invocation.lang) for word in words)}"
