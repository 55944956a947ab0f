"""`instroom customer`: the customers of this site, and what holds for their deliveries."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import click

from instroom.core.language import Language
from instroom.core.model import Limits
from instroom.core.report.visible import visible
from instroom.core.retention import LIMITS
from instroom.core.whole_number import whole_number
from instroom.doors.cli import options
from instroom.doors.cli.commands.customer_move import move
from instroom.doors.cli.commands.institute import contact
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.output.streams import answer, answer_list, say, write_json
from instroom.doors.cli.output.words import phrase
from instroom.flow import find
from instroom.flow.delivery import room
from instroom.flow.operations import customer_settings, customers
from instroom.flow.queries.retention_outlook import document, outlook
from instroom.flow.retention import retention_of
from instroom.flow.safeguards import proposals
from instroom.flow.site_clock import iso_moment
from instroom.store.models import Customer

_NAME = click.argument("name")


def _period(name: str, text: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    option = f"--{name.replace('_', '-')}"
    return click.option(option, type=click.IntRange(*LIMITS[name]), metavar=name.rpartition("_")[2].upper(), help=text)


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
    return _print(made, invocation, form)


@command.command(name="list")
@options.text_or_json
@click.pass_obj
def show_all(invocation: Invocation, form: str) -> int:
    """List the customers of this site."""
    found, lang = customers.every_customer(), invocation.lang
    nothing = phrase("no-customers", lang)
    return answer_list("customers", found, form, customers.document, lambda one: _customer_line(one, lang), nothing)


@command.command(name="show")
@_NAME
@options.text_or_json
@click.pass_obj
def show(invocation: Invocation, name: str, form: str) -> int:
    """Show the customer NAME with its policies."""
    return _print(find.customer(name), invocation, form)


@command.command(name="change")
@_NAME
@options.blank
@options.nothing_words
@options.on_error
@options.skip_limit
@options.approver_differs
@click.option(
    "--quiet-above",
    type=click.IntRange(0, Limits().records),
    metavar="RECORDS",
    help="A file with more records waits for the quiet hours (default 2000).",
)
@click.option("--quiet-from", metavar="TIME", help="When the quiet hours begin (default 20:00); blank for none.")
@click.option("--quiet-until", metavar="TIME", help="When the quiet hours end (default 06:00).")
@options.unchanged_ends
@_period("keep_files_days", "How many days after its end the file of a delivery is kept, and the values found in it.")
@_period("keep_ledger_months", "How many months an import can be undone, and its values are kept.")
@_period("keep_audit_months", "How many months lines of the audit log are kept.")
@options.by
@options.text_or_json
@click.pass_obj
def change(invocation: Invocation, /, name: str, by: str, form: str, **settings: Any) -> int:
    """Change the given policies of the customer NAME, for deliveries from now on.

    They hold where neither the connection nor the delivery says otherwise.
    """
    customer = find.customer(name)
    changed = customer_settings.save(customer, options.policies_given(**settings), by=find.active_user(by))
    waiting = [one for one in proposals.waiting(customer) if one.connection is None]
    for one in waiting:
        say(phrase("proposal-waits", invocation.lang, id=one.pk))
    if changed or not waiting:
        say(phrase("changed" if changed else "nothing-changed", invocation.lang, names=", ".join(changed)))
    return _print(customer, invocation, form)


@command.command(name="quota")
@_NAME
@click.argument("megabytes", metavar="[MB|default]", required=False)
@options.by
@options.text_or_json
@click.pass_obj
def quota(invocation: Invocation, name: str, megabytes: str | None, by: str, form: str) -> int:
    """Show how much the customer NAME takes on disk, and set how many MB it may take.

    All that is kept counts: delivered files, their reports, and what stands in the folders of its accounts. The default
    is 20480. Only a site operator sets it.
    """
    customer = find.customer(name)
    if megabytes is not None:
        number = whole_number(megabytes, most_digits=10)
        quota = None if megabytes == "default" else -1 if number is None else number * room.MB
        room.set_quota(customer, quota, by=find.active_user(by))
    usage = room.usage_of(customer)
    if form == "json":
        write_json({"customer": customer.name, "used": usage.used, "quota": usage.quota})
    else:
        used, most = usage.used // room.MB, usage.quota // room.MB
        answer(phrase("customer-quota", invocation.lang, name=customer.name, used=used, quota=most))
    return 0


@command.command(name="kept")
@_NAME
@options.by
@options.text_or_json
@click.pass_obj
def kept(invocation: Invocation, name: str, by: str, form: str) -> int:
    """Show what is kept of the customer NAME, since when, and when the next of it goes."""
    customer, lang = find.customer(name), invocation.lang
    found = outlook(customer, by=find.active_user(by))
    if form == "json":
        write_json(document(customer, found))
        return 0
    answer(phrase("policy-keep", lang, **retention_of(customer)._asdict()))
    for one in found:
        oldest, goes_at = (iso_moment(at) or "-" for at in (one.oldest, one.goes_at))
        answer("  " + phrase(f"kept-{one.name}", lang, amount=one.amount, oldest=oldest, goes_at=goes_at))
    return 0


command.add_command(move)
command.add_command(contact)


def _print(customer: Customer, invocation: Invocation, form: str) -> int:
    settings = customer_settings.settings_of(customer)
    if form == "json":
        write_json({**customers.document(customer), "policies": settings})
        return 0
    answer(_customer_line(customer, invocation.lang))
    for text in _policy_lines(settings, invocation.lang):
        answer(f"  {text}")
    return 0


def _customer_line(customer: Customer, lang: Language) -> str:
    line = f"{customer.name}: {visible(customer.title, customers.MOST_OF_TITLE)}"
    return f"{line} {phrase('customer-moves', lang)}" if customer.move else line


def _policy_lines(settings: Mapping[str, Any], lang: Language) -> Iterator[str]:
    yield phrase("policy-keep", lang, **{name: settings[name] for name in LIMITS})
    yield phrase(f"policy-blank-{settings['blank']}", lang)
    yield phrase(f"policy-nothing-{settings['nothing_words']}", lang)
    yield phrase(f"policy-error-{settings['on_error']}", lang, percent=settings["skip_limit_percent"])
    yield phrase(f"policy-approver-{'differs' if settings['approver_differs'] else 'may-be-supplier'}", lang)
    yield phrase(f"policy-unchanged-{'ends' if settings['unchanged_ends'] else 'waits'}", lang)
    hours = {name: settings[name] for name in ("quiet_above", "quiet_from", "quiet_until")}
    yield phrase("policy-quiet", lang, **hours) if settings["quiet_from"] else phrase("policy-no-quiet", lang)
