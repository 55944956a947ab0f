"""`instroom user`: the people who sign in."""

import sys

import click

from instroom.core.wording.catalogue import role_word
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.options import by, customer, sources, text_or_json
from instroom.doors.cli.output.streams import answer_list, say, write_json
from instroom.doors.cli.output.words import phrase
from instroom.doors.cli.wrong_use import WrongUse
from instroom.flow import find
from instroom.flow.operations.customers import add_site_operator, end_site_operator, make_site_operator
from instroom.flow.people import invitations, members, second_factor, switching
from instroom.flow.people.passwords import set_password
from instroom.store.models import Role

roles = click.option(
    "--role",
    "roles",
    type=click.Choice(Role.NAMES),
    multiple=True,
    help="What the person may do for the customer; may be repeated.",
)


@click.group(name="user")
def command() -> None:
    """The people who sign in to the web pages."""


@command.command(name="add")
@click.argument("name")
@click.option("--email", default="", metavar="ADDRESS", help="The e-mail address of this person.")
@roles
@sources
@click.option(
    "--site-operator",
    is_flag=True,
    help="Add somebody who adds customers and is operator of each: the first user of a site, or another.",
)
@customer
@by
@click.pass_obj
def add(
    invocation: Invocation,
    name: str,
    email: str,
    roles: tuple[str, ...],
    sources: list[str] | None,
    site_operator: bool,
    customer: str,
    by: str,
) -> int:
    """Add the user NAME, with roles for a customer and without a password."""
    if site_operator:
        if roles or sources:
            raise WrongUse("site-operator-alone")
        user = add_site_operator(name, email)
    else:
        user = members.add(find.customer(customer), name, email, roles, by=find.active_user(by), sources=sources or ())
    say(phrase("user-added", invocation.lang, name=user.username))
    return 0


@command.command(name="list")
@customer
@text_or_json
@click.pass_obj
def show_all(invocation: Invocation, customer: str, form: str) -> int:
    """List the users with a role for a customer."""
    found = members.people(find.customer(customer))

    def line(one: members.Person) -> str:
        words = [role_word(role, invocation.lang) for role in one.roles]
        sources = f" ({', '.join(one.sources)})" if one.sources else ""
        return f"{one.user.identified}: {', '.join(words)}{sources}"

    nothing = phrase("no-users", invocation.lang, customer=customer)
    return answer_list("users", found, form, members.document, line, nothing)


@command.command(name="invite")
@click.argument("email")
@roles
@sources
@customer
@by
@text_or_json
@click.pass_obj
def invite(
    invocation: Invocation,
    email: str,
    roles: tuple[str, ...],
    sources: list[str] | None,
    customer: str,
    by: str,
    form: str,
) -> int:
    """Invite somebody by mail, in the language of this command; the link works once, for seven days."""
    owner, operator = find.customer(customer), find.active_user(by)
    made = invitations.invite(owner, email, roles, invocation.lang, by=operator, sources=sources or ())
    if form == "json":
        write_json(invitations.document(made))
    else:
        say(phrase("invited", invocation.lang, email=email))
    return 0


@command.command(name="roles")
@click.argument("name")
@roles
@sources
@customer
@by
@click.pass_obj
def set_roles(
    invocation: Invocation, name: str, roles: tuple[str, ...], sources: list[str] | None, customer: str, by: str
) -> int:
    """Give the user NAME these roles for a customer and no others; without --role, remove all."""
    owner, operator = find.customer(customer), find.active_user(by)
    members.set_roles(owner, find.user(name), roles, by=operator, sources=sources)
    said = ", ".join(role_word(role, invocation.lang) for role in members.in_order(roles)) or phrase(
        "no-roles", invocation.lang
    )
    say(phrase("roles-set", invocation.lang, name=name, customer=customer, roles=said))
    return 0


@command.command(name="password")
@click.argument("name")
@click.pass_obj
def password(invocation: Invocation, name: str) -> int:
    """Set the password of the user NAME, read from the first line of standard input.

    The user is signed out everywhere.
    """
    if sys.stdin.isatty():
        text = click.prompt(phrase("new-password", invocation.lang), hide_input=True, err=True)
    else:
        text = sys.stdin.readline().rstrip("\r\n")
    set_password(find.user(name), text)
    say(phrase("password-set", invocation.lang, name=name))
    return 0


@command.command(name="off")
@click.argument("name")
@by
@click.pass_obj
def off(invocation: Invocation, name: str, by: str) -> int:
    """Switch the user NAME off everywhere: sessions, tokens and the invitations that they made end."""
    switching.switch_off(find.user(name), by=find.active_user(by))
    say(phrase("user-off", invocation.lang, name=name))
    return 0


@command.command(name="on")
@click.argument("name")
@by
@click.pass_obj
def on(invocation: Invocation, name: str, by: str) -> int:
    """Let the user NAME sign in again, with the roles of before."""
    switching.switch_on(find.user(name), by=find.active_user(by))
    say(phrase("user-on", invocation.lang, name=name))
    return 0


@command.command(name="site-operator")
@click.argument("name")
@click.option(
    "--off",
    is_flag=True,
    help="Take this away again, together with the role of operator. The last site operator stays.",
)
@click.pass_obj
def site_operator(invocation: Invocation, name: str, off: bool) -> int:
    """Let the user NAME add customers, and make the user operator of every customer, present and future."""
    if off:
        end_site_operator(find.user(name))
    else:
        make_site_operator(find.user(name))
    say(phrase("site-operator-ended" if off else "site-operator-made", invocation.lang, name=name))
    return 0


@command.command(name="second-factor-off")
@click.argument("name")
@click.pass_obj
def second_factor_off(invocation: Invocation, name: str) -> int:
    """Remove the second factor of the user NAME, who has lost their phone and recovery codes."""
    second_factor.take_off(find.user(name))
    say(phrase("no-second-factor", invocation.lang, name=name))
    return 0
