"""`instroom provider`: the customer's own OpenID Connect provider, with which its people sign in (product.md G6)."""

import sys
from typing import Any

import click

from instroom.core.errors import NotFound
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.options import by, customer, text_or_json
from instroom.doors.cli.output.streams import answer, say, write_json
from instroom.doors.cli.output.words import phrase
from instroom.flow import find
from instroom.flow.sign_in_providers import manage
from instroom.store.models import Customer, Role, SignInProvider

_SWITCH = click.Choice(("on", "off"))


@click.group(name="provider")
def command() -> None:
    """The OpenID Connect provider of a customer, with which its people sign in."""


@command.command(name="set")
@customer
@click.option("--issuer", metavar="URL", help="The address that the provider calls itself by.")
@click.option("--client-id", metavar="ID", help="What the provider calls this site.")
@click.option("--secret", is_flag=True, help="Read the client's secret from the first line of standard input.")
@click.option(
    "--domain", "domains", multiple=True, help="A mail domain whose people may become users; may be repeated."
)
@click.option(
    "--first-role",
    "first_roles",
    multiple=True,
    type=click.Choice(Role.NAMES),
    help="A role for a new user with an address in one of the domains; may be repeated.",
)
@click.option("--groups-claim", metavar="NAME", help="The claim that names the groups; by default groups.")
@click.option(
    "--group",
    "groups",
    multiple=True,
    metavar="GROUP=ROLES",
    help="Roles that follow a group, such as hr=supplier,reader or, limited to sources, hr=supplier:AFAS; may be "
    "repeated.",
)
@click.option("--passwords", type=_SWITCH, help="Whether people who work for this customer alone may use a password.")
@click.option("--active", type=_SWITCH, help="Whether people can sign in with it.")
@by
@click.pass_obj
def set_up(invocation: Invocation, /, customer: str, by: str, secret: bool, **given: Any) -> int:
    """Set up the provider of a customer, or change what is given."""
    owner = find.customer(customer)
    chosen = _chosen(owner, given, sys.stdin.readline().rstrip("\r\n") if secret else "")
    changed = manage.save(owner, chosen, by=find.active_user(by))
    if not changed:
        say(phrase("nothing-changed", invocation.lang))
    return _print(_provider(owner), "text")


@command.command(name="show")
@customer
@text_or_json
@click.pass_obj
def show(invocation: Invocation, customer: str, form: str) -> int:
    """Show the provider of a customer, and the addresses to enter there."""
    return _print(_provider(find.customer(customer)), form)


@command.command(name="try")
@customer
@by
@click.pass_obj
def try_out(invocation: Invocation, customer: str, by: str) -> int:
    """Ask the provider of a customer what it says of itself, and for its keys."""
    owner = find.customer(customer)
    metadata = manage.try_out(_provider(owner).issuer, owner, by=find.active_user(by))
    answer("".join(f"{name}: {value}\n" for name, value in metadata._asdict().items()))
    return 0


@command.command(name="remove")
@customer
@by
@click.pass_obj
def remove(invocation: Invocation, customer: str, by: str) -> int:
    """Remove the provider of a customer, and the links of users to it. Their sessions by it end."""
    manage.remove(find.customer(customer), by=find.active_user(by))
    say(phrase("provider-removed", invocation.lang, customer=customer))
    return 0


@command.command(name="unlink")
@click.argument("name")
@customer
@by
@click.pass_obj
def unlink(invocation: Invocation, name: str, customer: str, by: str) -> int:
    """End the link of the user NAME to the provider. Their sessions by it end."""
    manage.unlink(find.customer(customer), find.user(name), by=find.active_user(by))
    say(phrase("identity-unlinked", invocation.lang, name=name))
    return 0


def _provider(owner: Customer) -> SignInProvider:
    found = manage.provider_of(owner)
    if found is None:
        raise NotFound("no-provider", customer=owner.name)
    return found


def _chosen(owner: Customer, given: dict[str, Any], secret: str) -> manage.ProviderSettings:
    """What is given, and for the rest what there is. Raises NotFound without an issuer and a client id."""
    now = manage.provider_of(owner)
    if now is None and not (given["issuer"] and given["client_id"]):
        raise NotFound("no-provider", customer=owner.name)
    groups = {name: manage.read_group(gives) for name, _, gives in (one.rpartition("=") for one in given["groups"])}
    found = manage.settings_of(now) if now else manage.ProviderSettings(given["issuer"], given["client_id"])
    return manage.ProviderSettings(
        issuer=given["issuer"] or found.issuer,
        client_id=given["client_id"] or found.client_id,
        client_secret=secret,
        mail_domains=given["domains"] or found.mail_domains,
        first_roles=given["first_roles"] or found.first_roles,
        groups_claim=given["groups_claim"] or found.groups_claim,
        groups=groups or found.groups,
        passwords=found.passwords if given["passwords"] is None else given["passwords"] == "on",
        active=found.active if given["active"] is None else given["active"] == "on",
    )


def _print(provider: SignInProvider, form: str) -> int:
    found = manage.document(provider)
    if form == "json":
        write_json(found)
    else:
        answer("".join(f"{name}: {value}\n" for name, value in found.items()))
    return 0
