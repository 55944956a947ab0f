"""`instroom invitation`: who was invited and has not accepted yet."""

from uuid import UUID

import click
from django.utils import timezone

from instroom.core.report.visible import visible
from instroom.core.wording.catalogue import role_word
from instroom.core.wording.phrases import moment
from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.output.streams import answer_list, say, write_json
from instroom.doors.cli.output.words import phrase
from instroom.flow import find
from instroom.flow.people import invitations
from instroom.store.models import Invitation

_ID = click.argument("invitation_id", metavar="ID", type=click.UUID)


@click.group(name="invitation")
def command() -> None:
    """Invitations that are not accepted yet; `instroom user invite` makes one."""


@command.command(name="list")
@options.customer
@options.text_or_json
@click.pass_obj
def show_all(invocation: Invocation, customer: str, form: str) -> int:
    """List the open invitations of a customer, newest first."""
    found = invitations.waiting(find.customer(customer))

    def line(one: Invitation) -> str:
        roles = ", ".join(role_word(role, invocation.lang) for role in one.roles)
        until = moment(timezone.localtime(one.expires_at), invocation.lang)
        return f"{one.pk}  {phrase('token-valid', invocation.lang, until=until)}  {roles}  {visible(one.email)}"

    nothing = phrase("no-invitations", invocation.lang, customer=customer)
    return answer_list("invitations", found, form, invitations.document, line, nothing)


@command.command(name="send-again")
@_ID
@options.customer
@options.by
@options.text_or_json
@click.pass_obj
def send_again(invocation: Invocation, invitation_id: UUID, customer: str, by: str, form: str) -> int:
    """Replace the invitation ID by a new one with the same roles; its link works once, for seven days."""
    made = invitations.send_again(find.customer(customer), invitation_id, by=find.active_user(by))
    if form == "json":
        write_json(invitations.document(made))
    else:
        say(phrase("invited", invocation.lang, email=made.email))
    return 0


@command.command(name="withdraw")
@_ID
@options.customer
@options.by
@click.pass_obj
def withdraw(invocation: Invocation, invitation_id: UUID, customer: str, by: str) -> int:
    """Withdraw the invitation ID: its link stops working."""
    invitations.cancel(find.customer(customer), invitation_id, by=find.active_user(by))
    say(phrase("invitation-withdrawn", invocation.lang))
    return 0
