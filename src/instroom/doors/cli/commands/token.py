"""`instroom token`: by which programs use the API."""

from uuid import UUID

import click
from django.utils import timezone

from instroom.core.report.visible import visible
from instroom.core.wording.phrases import moment
from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.output.streams import answer, answer_list, say, write_json
from instroom.doors.cli.output.words import phrase
from instroom.flow import find
from instroom.flow.people import api_tokens
from instroom.store.models import ApiToken

_DEFAULT_SCOPES = ("read", "deliver")


@click.group(name="token")
def command() -> None:
    """Tokens, by which programs use the API."""


@command.command(name="add")
@click.argument("name")
@options.customer
@options.by
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(api_tokens.SCOPES),
    default=_DEFAULT_SCOPES,
    show_default=True,
    help="What the program may do, as far as the user may; may be repeated.",
)
@click.option(
    "--days",
    type=click.IntRange(1, api_tokens.MOST_DAYS),
    help=f"How many days it is valid; by default {api_tokens.DAYS}, or INSTROOM_TOKEN_DAYS where that is less.",
)
@options.sources
@options.text_or_json
@click.pass_obj
def add(
    invocation: Invocation,
    name: str,
    customer: str,
    by: str,
    scopes: tuple[str, ...],
    days: int | None,
    sources: list[str] | None,
    form: str,
) -> int:
    """Create a token for the program NAME, which works as the user --by. Prints the token, which is shown only once."""
    owner, user = find.customer(customer), find.active_user(by)
    made = api_tokens.add(owner, name, scopes, days, by=user, sources=sources or ())
    if form == "json":
        write_json({**api_tokens.document(made.token), "token": made.secret})
        return 0
    answer(made.secret)
    say(phrase("token-made", invocation.lang, until=moment(timezone.localtime(made.token.expires_at), invocation.lang)))
    return 0


@command.command(name="list")
@options.customer
@options.text_or_json
@click.pass_obj
def list_tokens(invocation: Invocation, customer: str, form: str) -> int:
    """List the tokens for a customer, newest first, including those that have ended."""
    found = api_tokens.tokens_for(find.customer(customer))

    def line(one: ApiToken) -> str:
        until = moment(timezone.localtime(one.ended_at or one.expires_at), invocation.lang)
        state = phrase("token-valid" if api_tokens.is_valid(one) else "token-over", invocation.lang, until=until)
        return f"{one.pk}  {state}  {one.user.username}  {','.join(one.scopes)}  {visible(one.name)}"

    return answer_list("tokens", found, form, api_tokens.document, line, phrase("no-tokens", invocation.lang))


@command.command(name="end")
@click.argument("token_id", metavar="ID", type=click.UUID)
@options.by
@click.pass_obj
def end(invocation: Invocation, token_id: UUID, by: str) -> int:
    """End the token with this ID at once, and those made with it: your own, or any as operator."""
    token = api_tokens.end(token_id, by=find.active_user(by))
    say(phrase("token-ended", invocation.lang, name=visible(token.name)))
    return 0
