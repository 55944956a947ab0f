"""`instroom connection`: the periodic deliveries (product.md E)."""

from collections.abc import Callable, Sequence
from typing import Any

import click

from instroom.doors.cli import options
from instroom.doors.cli.connection_options import settings_given, settings_options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.output.connection_answer import line, lines, print_closing_days
from instroom.doors.cli.output.delivery_answer import print_delivery
from instroom.doors.cli.output.streams import answer, answer_list, say, write_json
from instroom.doors.cli.output.words import phrase
from instroom.doors.cli.run_due import run_due
from instroom.flow import find
from instroom.flow.connections import connections, removing, taking
from instroom.flow.connections.calendars import closing_days_document
from instroom.flow.connections.closing import save_closing_days
from instroom.flow.connections.connection_state import connection_status, document
from instroom.flow.safeguards import proposals

_NAME = click.argument("name")


@click.group(name="connection")
def command() -> None:
    """Connections: which file a customer delivers, when it is expected, and what may go to live without a person."""


@command.command(name="add")
@_NAME
@options.customer
@settings_options
@options.by
@options.text_or_json
@click.pass_obj
def add(invocation: Invocation, /, name: str, customer: str, by: str, form: str, **settings: Any) -> int:
    """Create the connection NAME.

    \b
    SCHEDULE is one of:
      "daily 01:00"              every day, or several times: "daily 06:00,12:00"
      "workdays 06:00"           Monday to Friday, without the customer's closing days
      "weekly mon 01:00"         every week, or on several days: "weekly mon,thu 01:00"
      "monthly 1 01:00"          every month; also last, first-workday or last-workday
      "arrival"                  as soon as the file comes in
    """
    made = connections.add(name, find.customer(customer), by=find.active_user(by), **settings_given(settings))
    if form != "json":
        say(phrase("connection-made", invocation.lang, name=made.name, customer=customer))
    return _print(made, invocation, form)


@command.command(name="list")
@options.customer
@options.text_or_json
@click.pass_obj
def show_all(invocation: Invocation, customer: str, form: str) -> int:
    """List the connections of a customer: state, schedule and next time."""
    found = [connection_status(one) for one in connections.of_customer(find.customer(customer), by=None)]
    nothing = phrase("no-connections", invocation.lang, customer=customer)
    return answer_list("connections", found, form, document, lambda one: line(one, invocation.lang), nothing)


@command.command(name="show")
@_NAME
@options.customer
@options.text_or_json
@click.pass_obj
def show(invocation: Invocation, name: str, customer: str, form: str) -> int:
    """Show the connection NAME: its settings, its next three times, and the result of the latest ones."""
    return _print(find.connection(find.customer(customer), name), invocation, form)


@command.command(name="change")
@_NAME
@options.customer
@options.new_name
@settings_options
@options.by
@options.text_or_json
@click.pass_obj
def change(
    invocation: Invocation, /, name: str, customer: str, new_name: str | None, by: str, form: str, **settings: Any
) -> int:
    """Change the given settings of the connection NAME, from now on, or its name."""
    connection = find.connection(find.customer(customer), name)
    given = settings_given(settings, connection) | ({} if new_name is None else {"name": new_name})
    changed = connections.change(connection, by=find.active_user(by), **given)
    if changed or not proposals.waiting(connection.customer, connection):  # what waits is shown below
        _say_changed(changed, invocation)
    return _print(connection, invocation, form)


@command.command(name="pause")
@_NAME
@options.customer
@options.by
@click.pass_obj
def pause(invocation: Invocation, name: str, customer: str, by: str) -> int:
    """Pause the connection NAME: no file is expected or taken. Files that come in are kept, and wait."""
    return _turn(connections.pause, invocation, name, customer, by)


@command.command(name="resume")
@_NAME
@options.customer
@options.by
@click.pass_obj
def resume(invocation: Invocation, name: str, customer: str, by: str) -> int:
    """Resume the connection NAME, from its next time on."""
    return _turn(connections.resume, invocation, name, customer, by)


@command.command(name="remove")
@_NAME
@options.customer
@options.by
@click.pass_obj
def remove(invocation: Invocation, name: str, customer: str, by: str) -> int:
    """Remove the connection NAME, once nothing of it waits or is under way. Its deliveries stay."""
    removing.remove(find.connection(find.customer(customer), name), by=find.active_user(by))
    say(phrase("connection-removed", invocation.lang, name=name))
    return 0


@command.command(name="closing-days")
@options.customer
@click.option("--country", metavar="CODE", help="Its public holidays: NL, or DE-BY for a region. Blank for none.")
@click.option("--weekends/--no-weekends", default=None, help="Whether Saturdays and Sundays are closing days too.")
@click.option("--day", "days", multiple=True, metavar="DAY", help="2027-12-24, or 2027-12-24..2028-01-02. Repeatable.")
@click.option("--open", "open_days", multiple=True, metavar="DAY", help="Open, although a public holiday. Repeatable.")
@click.option("--clear", is_flag=True, help="Begin with no closing days, instead of those that are set.")
@options.by
@options.text_or_json
@click.pass_obj
def closing_days(
    invocation: Invocation,
    customer: str,
    country: str | None,
    weekends: bool | None,
    days: Sequence[str],
    open_days: Sequence[str],
    clear: bool,
    by: str,
    form: str,
) -> int:
    """Show the closing days of a customer, or add to them. What a connection does then is its --on-closed."""
    owner = find.customer(customer)
    before = {} if clear else closing_days_document(owner)
    added = {"days": [*before.get("days", ()), *days], "open": [*before.get("open", ()), *open_days]}
    given = {"country": country, "weekends": weekends}
    wanted = before | added | {name: value for name, value in given.items() if value is not None}
    if clear or days or open_days or country is not None or weekends is not None:
        changed = save_closing_days(owner, wanted, by=find.active_user(by))
        _say_changed(["closing-days"] if changed else [], invocation)
    print_closing_days(closing_days_document(owner), invocation.lang, form)
    return 0


@command.command(name="take")
@options.delivery
@click.option("--connection", metavar="NAME", help="The connection that it belongs to, if its file name has none.")
@options.by
@options.text_or_json
@click.pass_obj
def take(invocation: Invocation, delivery_id: str, connection: str | None, by: str, form: str) -> int:
    """Process delivery ID at once, which waits for the time of its connection or for a person."""
    delivery = find.delivery(delivery_id)
    chosen = find.connection(delivery.customer, connection) if connection else None
    taking.take_now(delivery, by=find.active_user(by), connection=chosen)
    run_due(delivery)
    return print_delivery(delivery, invocation.lang, form, whole=True)


def _turn(turn: Callable[..., object], invocation: Invocation, name: str, customer: str, by: str) -> int:
    connection = find.connection(find.customer(customer), name)
    turn(connection, by=find.active_user(by))
    answer(line(connection_status(connection), invocation.lang))
    return 0


def _print(connection: Any, invocation: Invocation, form: str) -> int:
    standing = connection_status(connection)
    if form == "json":
        write_json(document(standing))
    else:
        answer("\n".join(lines(standing, invocation.lang)))
    return 0


def _say_changed(changed: Sequence[str], invocation: Invocation) -> None:
    if changed:
        say(phrase("changed", invocation.lang, names=", ".join(changed)))
    else:
        say(phrase("nothing-changed", invocation.lang))
