"""`instroom customer`: the customers of this site, and what holds for their deliveries."""

from typing import Any

import click

from instroom.core.model import Limits
from instroom.core.report.visible import visible
from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.output.streams import answer, say, write_json
from instroom.doors.cli.output.words import phrase
from instroom.flow import find
from instroom.flow.operations import customer_settings, customers
from instroom.store.models import Customer

_NAME = click.argument("name")


@click.group(name="customer")
def command() -> None:
    """The customers of this site. Nothing is shared between them."""


@command.command(name="add")
@_NAME
@click.option("--title", required=True, metavar="TITLE", help="What the customer is called: what people read.")
@options.by
@options.text_or_json
@click.pass_obj
def add(invocation: Invocation, name: str, title: str, by: str, form: str) -> int:
    """Add the customer NAME. Every site operator, of whom --by must be one, becomes its operator."""
    made = customers.add(name, title, by=find.active_user(by))
    if form != "json":
        say(phrase("customer-added", invocation.lang, name=made.name))
    return _print(made, form)


@command.command(name="list")
@options.text_or_json
@click.pass_obj
def show_all(invocation: Invocation, form: str) -> int:
    """List the customers of this site."""
    found = customers.every_customer()
    if form == "json":
        write_json({"customers": [customers.document(one) for one in found]})
        return 0
    for one in found:
        answer(f"{one.name}: {visible(one.title, customers.MOST_OF_TITLE)}")
    if not found:
        say(phrase("no-customers", invocation.lang))
    return 0


@command.command(name="show")
@_NAME
@options.text_or_json
@click.pass_obj
def show(invocation: Invocation, name: str, form: str) -> int:
    """Show the customer NAME with its policies."""
    return _print(find.customer(name), form)


@command.command(name="change")
@_NAME
@options.blank
@options.nothing_words
@options.on_error
@options.skip_limit
@click.option(
    "--approver-differs/--approver-may-be-supplier",
    "approver_differs",
    default=None,
    help="Whether somebody else must approve than who delivered.",
)
@click.option(
    "--quiet-above",
    type=click.IntRange(0, Limits().records),
    metavar="RECORDS",
    help="A file with more records waits for the quiet hours (default 2000).",
)
@click.option("--quiet-from", metavar="TIME", help="When the quiet hours begin (default 20:00); blank for none.")
@click.option("--quiet-until", metavar="TIME", help="When the quiet hours end (default 06:00).")
@options.by
@options.text_or_json
@click.pass_obj
def change(invocation: Invocation, /, name: str, by: str, form: str, **settings: Any) -> int:
    """Change the given policies of the customer NAME, for deliveries from now on.

    They hold where neither the connection nor the delivery says otherwise.
    """
    customer = find.customer(name)
    settings["skip_limit_percent"] = settings.pop("skip_limit")
    given = {name: value for name, value in settings.items() if value is not None}
    changed = customer_settings.save(customer, given, by=find.active_user(by))
    say(phrase("changed" if changed else "nothing-changed", invocation.lang, names=", ".join(changed)))
    return _print(customer, form)


def _print(customer: Customer, form: str) -> int:
    document = {**customers.document(customer), "policies": customer_settings.settings_of(customer)}
    if form == "json":
        write_json(document)
        return 0
    answer(f"{customer.name}: {visible(customer.title, customers.MOST_OF_TITLE)}")
    for name, value in document["policies"].items():
        answer(f"  {name}: {value}")
    return 0
