"""`instroom proposal`: what relaxes a safeguard waits for a second person (product.md D3)."""

from collections.abc import Callable
from uuid import UUID

import click
from django.utils import timezone

from instroom.core.report.safeguard_text import relaxed_lines
from instroom.core.wording.phrases import moment
from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.output.streams import answer_list, say
from instroom.doors.cli.output.words import phrase
from instroom.flow import find
from instroom.flow.safeguards import proposals
from instroom.store.models import Proposal

_ID = click.argument("proposal_id", metavar="ID", type=click.UUID)


@click.group(name="proposal")
def command() -> None:
    """Proposals to relax a safeguard, where two-person approval is agreed on: another person decides."""


@command.command(name="list")
@options.customer
@options.text_or_json
@click.pass_obj
def show_all(invocation: Invocation, customer: str, form: str) -> int:
    """List what waits for a second person."""
    found = proposals.waiting(find.customer(customer))

    def lines(one: Proposal) -> str:
        where = one.connection.name if one.connection else one.customer.name
        at = moment(timezone.localtime(one.asked_at), invocation.lang)
        head = phrase("proposal", invocation.lang, id=one.pk, where=where, by=one.asked_by.username, at=at)
        relaxes = relaxed_lines(one.relaxes, invocation.lang)
        return "\n".join([head, *(f"  {line.what}: {line.old} → {line.new}" for line in relaxes)])

    nothing = phrase("no-proposals", invocation.lang, customer=customer)
    return answer_list("proposals", found, form, proposals.document, lines, nothing)


@command.command(name="confirm")
@_ID
@options.customer
@options.by
@click.pass_obj
def confirm(invocation: Invocation, proposal_id: UUID, customer: str, by: str) -> int:
    """Confirm proposal ID, which somebody else made: its safeguards are relaxed at once."""
    return _decide(proposals.confirm, "proposal-confirmed", invocation, proposal_id, customer, by)


@command.command(name="refuse")
@_ID
@options.customer
@options.by
@click.pass_obj
def refuse(invocation: Invocation, proposal_id: UUID, customer: str, by: str) -> int:
    """Refuse proposal ID, or take back your own: nothing changes."""
    return _decide(proposals.refuse, "proposal-refused", invocation, proposal_id, customer, by)


def _decide(
    decide: Callable[..., None], done: str, invocation: Invocation, proposal_id: UUID, customer: str, by: str
) -> int:
    decide(proposals.proposal(find.customer(customer), proposal_id), by=find.active_user(by))
    say(phrase(done, invocation.lang))
    return 0
