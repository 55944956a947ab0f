"""Options that several commands share."""

from typing import Any, Literal, cast

import click

from instroom.core.layout.standard import DEFAULT_LAYOUT
from instroom.core.model import Policies

FILE = click.Path(allow_dash=True)  # as it is typed: a Path would make `-` and `./-` the same

text_or_json = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text for people, or one JSON document for programs.",
)

layout_name = click.option(
    "--layout",
    "layout_name",
    default=DEFAULT_LAYOUT,
    show_default=True,
    metavar="NAME",
    help="The layout of the file: a name of `instroom layout list`, or a .toml file.",
)

blank = click.option(
    "--blank",
    type=click.Choice(["leave", "clear"]),
    help="What a blank cell does: leave the stored value as it is (default), or clear it.",
)

on_error = click.option(
    "--on-error",
    type=click.Choice(["whole", "skip"]),
    help="With a faulty record: import nothing (whole, the default), or leave out that record (skip).",
)


delivery = click.argument("delivery_id", metavar="ID")

customer = click.option("--customer", default="demo", show_default=True, metavar="NAME", help="The customer.")

by = click.option(
    "--by",
    default="operator",
    show_default=True,
    metavar="USER",
    help="The user who does this: it is recorded, and the user needs a role.",
)

new_name = click.option("--name", "new_name", metavar="NEW", help="Another name; the old one is free again.")

approver_differs = click.option(
    "--approver-differs/--approver-may-be-supplier",
    "approver_differs",
    default=None,
    help="Whether somebody other than the supplier must approve.",
)

unchanged_ends = click.option(
    "--unchanged-ends/--unchanged-waits",
    "unchanged_ends",
    default=None,
    help="Whether a file that changes nothing in live is done without an approval.",
)

skip_limit = click.option(
    "--skip-limit",
    "skip_limit_percent",
    type=click.IntRange(0, 100),
    metavar="PERCENT",
    help="With skip: reject the delivery if more than this part of its records is left out (default 10).",
)

environment = click.option(
    "--environment",
    type=click.Choice(["training", "live"]),
    default="live",
    show_default=True,
    help="Training, to try things out, or live.",
)


nothing_words = click.option(
    "--nothing-words",
    type=click.Choice(["keep", "blank"]),
    help="A word for nothing, such as NULL or n.v.t.: keep it, with a warning (the default), or read it as blank.",
)


def policies(blank: str | None, on_error: str | None, nothing_words: str | None = None) -> Policies:
    """The policies that were asked for; Instroom's own defaults for the rest."""
    chosen = Policies()
    return Policies(
        cast(Literal["leave", "clear"], blank or chosen.blank),
        cast(Literal["whole", "skip"], on_error or chosen.on_error),
        chosen.skip_limit_percent,
        cast(Literal["keep", "blank"], nothing_words or chosen.nothing_words),
    )


def policies_given(**asked: Any) -> dict[str, Any]:
    """The policies that were asked for and no others."""
    return {name: value for name, value in asked.items() if value is not None}


sources = click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="SOURCE",
    callback=lambda _context, _option, given: [one for one in given if one] if given else None,
    help="A source (ExternSource) to which this is limited; may be repeated. Blank: it is not limited.",
)
