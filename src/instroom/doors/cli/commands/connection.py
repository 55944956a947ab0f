"""`instroom connection`: the periodic deliveries (product.md E)."""

from collections.abc import Callable, Sequence
from typing import Any

import click

from instroom.doors.cli import options
from instroom.doors.cli.connection_options import settings_given, settings_options
from instroom.doors.cli.context import Asked
from instroom.doors.cli.output.connection_answer import line, lines
from instroom.doors.cli.output.delivery_answer import print_delivery
from instroom.doors.cli.output.streams import answer, say, write_json
from instroom.doors.cli.output.words import phrase
from instroom.doors.cli.run_due import run_due
from instroom.flow import find
from instroom.flow.connections import connections, taking
from instroom.flow.connections.connection_state import connection_status, document

_NAME = click.argument("name")


@click.group(name="connection")
def command() -> None:
    """Connections: which file a customer delivers, when it is expected, and what may go to live by itself."""


@command.command(name="add")
@_NAME
@options.customer
@settings_options
@options.by
@options.text_or_json
@click.pass_obj
def add(asked: Asked, /, name: str, customer: str, by: str, form: str, **settings: Any) -> int:
    """Make the connection NAME. SCHEDULE is "daily 01:00", "weekly mon 01:00", "monthly 1 01:00" or "arrival"."""
    made = connections.add(name, find.customer(customer), by=find.active_user(by), **settings_given(settings))
    if form != "json":
        say(phrase("connection-made", asked.lang, name=made.name, customer=customer))
    return _print(made, asked, form)


@command.command(name="list")
@options.customer
@options.text_or_json
@click.pass_obj
def show_all(asked: Asked, customer: str, form: str) -> int:
    """List the connections of a customer: state, schedule and next time."""
    found = [connection_status(one) for one in connections.of_customer(find.customer(customer))]
    if form == "json":
        write_json({"connections": [document(one) for one in found]})
        return 0
    for one in found:
        answer(line(one, asked.lang))
    if not found:
        say(phrase("no-connections", asked.lang, customer=customer))
    return 0


@command.command(name="show")
@_NAME
@options.customer
@options.text_or_json
@click.pass_obj
def show(asked: Asked, name: str, customer: str, form: str) -> int:
    """Show the connection NAME: what holds for it, its next three times, and what became of the last ones."""
    return _print(find.connection(find.customer(customer), name), asked, form)


@command.command(name="change")
@_NAME
@options.customer
@settings_options
@options.by
@options.text_or_json
@click.pass_obj
def change(asked: Asked, /, name: str, customer: str, by: str, form: str, **settings: Any) -> int:
    """Change what is given of the connection NAME, from now on."""
    connection = find.connection(find.customer(customer), name)
    given = settings_given(settings, connection)
    changed = connections.change(connection, by=find.active_user(by), **given)
    _say_changed(changed, asked)
    return _print(connection, asked, form)


@command.command(name="pause")
@_NAME
@options.customer
@options.by
@click.pass_obj
def pause(asked: Asked, name: str, customer: str, by: str) -> int:
    """Expect and take nothing on the connection NAME; what comes in is kept, and waits."""
    return _turn(connections.pause, asked, name, customer, by)


@command.command(name="resume")
@_NAME
@options.customer
@options.by
@click.pass_obj
def resume(asked: Asked, name: str, customer: str, by: str) -> int:
    """Expect files again on the connection NAME, from its next time on."""
    return _turn(connections.resume, asked, name, customer, by)


@command.command(name="take")
@options.delivery
@options.by
@options.text_or_json
@click.pass_obj
def take(asked: Asked, delivery_id: str, by: str, form: str) -> int:
    """Let the delivery ID go on at once that waits for the time of its connection, or for somebody who knows its
    name."""
    delivery = find.delivery(delivery_id)
    taking.take_now(delivery, by=find.active_user(by))
    run_due(delivery)
    return print_delivery(delivery, asked.lang, form, whole=True)


def _turn(turn: Callable[..., object], asked: Asked, name: str, customer: str, by: str) -> int:
    connection = find.connection(find.customer(customer), name)
    turn(connection, by=find.active_user(by))
    answer(line(connection_status(connection), asked.lang))
    return 0


def _print(connection: Any, asked: Asked, form: str) -> int:
    standing = connection_status(connection)
    if form == "json":
        write_json(document(standing))
    else:
        answer("\n".join(lines(standing, asked.lang)))
    return 0


def _say_changed(changed: Sequence[str], asked: Asked) -> None:
    if changed:
        say(phrase("connection-changed", asked.lang, names=", ".join(changed)))
    else:
        say(phrase("nothing-changed", asked.lang))
