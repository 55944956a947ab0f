"""The options of a connection's settings, and what they say together."""

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any, Final

import click

from instroom.core.layout.standard import DEFAULT_LAYOUT
from instroom.core.plan.guards import NAMES
from instroom.core.schedule import ON_CLOSED
from instroom.core.whole_number import whole_number
from instroom.doors.cli import options
from instroom.doors.cli.wrong_use import WrongUse
from instroom.flow.connections.connections import MOST_MINUTES, MOST_RECORDS
from instroom.flow.news.mail_choice import KINDS, MAY_BE_OFF, URGENT
from instroom.store.models import Connection

_OPTIONS: Final = (
    click.option("--account", metavar="NAME", help="The file server account that delivers the file."),
    click.option(
        "--file-name",
        metavar="FILE",
        help="The file's name, or a pattern: personen_{date}.csv.",
    ),
    click.option("--folder", metavar="FOLDER", help="Where the files land, below the account's directory: export/hr."),
    options.sources,
    click.option("--schedule", metavar="SCHEDULE", help="When the file is expected; by default on arrival."),
    click.option("--zone", metavar="ZONE", help="The time zone of the schedule (default Europe/Amsterdam)."),
    click.option(
        "--on-closed",
        type=click.Choice(ON_CLOSED),
        help="A time on a closing day: skip it (default), move it to the next workday, or expect the file anyway.",
    ),
    click.option(
        "--late-after",
        type=click.IntRange(0, MOST_MINUTES),
        metavar="MINUTES",
        help="When a file counts as late (default 60).",
    ),
    click.option(
        "--missing-after",
        type=click.IntRange(0, MOST_MINUTES),
        metavar="MINUTES",
        help="When a file counts as missing (default 360).",
    ),
    click.option(
        "--on-late",
        type=click.Choice(["take", "next"]),
        help="What to do with a late file: take it when it comes (default), or next time.",
    ),
    click.option(
        "--same-is-normal/--same-is-stale",
        default=None,
        help="Whether a file with the same bytes as last time is normal, or told to supplier and operator (default).",
    ),
    click.option(
        "--on-correction",
        type=click.Choice(["take", "next"]),
        help="What to do with a file after a bad one: take it when it comes (default), or next time.",
    ),
    click.option("--layout", metavar="NAME", help=f"The layout of the file (default {DEFAULT_LAYOUT})."),
    options.blank,
    options.on_error,
    options.skip_limit,
    options.nothing_words,
    options.approver_differs,
    click.option(
        "--quiet-above",
        type=click.IntRange(0, MOST_RECORDS),
        metavar="RECORDS",
        help="A larger file waits for the quiet hours.",
    ),
    click.option("--quiet-from", metavar="TIME", help="When the quiet hours begin, such as 20:00."),
    click.option("--quiet-until", metavar="TIME", help="When the quiet hours end, such as 06:00."),
    options.unchanged_ends,
    click.option(
        "--standing/--no-standing",
        default=None,
        help="Standing approval: after one approval by a person, files within the guards go to live automatically.",
    ),
    click.option(
        "--guard",
        "guards",
        multiple=True,
        metavar="NAME=PERCENT,NUMBER[,LEAST]",
        help=f"The limit without an approval, for one of {', '.join(NAMES)}; LEAST is always allowed. May be repeated.",
    ),
    click.option(
        "--mail-to",
        multiple=True,
        metavar="USER",
        help="Of those whose role gets a mail, who gets it; blank for all of them. May be repeated.",
    ),
    click.option(
        "--mail-off",
        multiple=True,
        type=click.Choice(["", *MAY_BE_OFF]),
        metavar="KIND",
        help=f"A mail that is not sent: {', '.join(MAY_BE_OFF)}; blank for none. May be repeated.",
    ),
    click.option(
        "--overview-at", metavar="TIME", help="When a daily overview gathers the mails: 17:00; blank for none."
    ),
    click.option(
        "--mail-at-once",
        multiple=True,
        type=click.Choice(["", *KINDS]),
        metavar="KIND",
        help=f"A mail that does not wait for the overview (default {', '.join(URGENT)}); "
        "blank for none. May be repeated.",
    ),
)
_MAILS: Final = {"mail_to": "people", "mail_off": "off", "overview_at": "overview_at", "mail_at_once": "at_once"}
_POLICIES: Final = (
    *("blank", "on_error", "skip_limit_percent", "nothing_words", "approver_differs"),
    *("quiet_above", "quiet_from", "quiet_until", "unchanged_ends"),
)


def settings_options(function: Callable[..., Any]) -> Callable[..., Any]:
    return reduce(lambda made, option: option(made), reversed(_OPTIONS), function)


def settings_given(settings: Mapping[str, Any], before: Connection | None = None) -> dict[str, Any]:
    """What was asked, as `flow.connections` takes it. Policies, guards and choices of mails that are not given
    stay as they were `before`. Raises WrongUse."""
    asked = {name: value for name, value in settings.items() if value is not None and value != ()}
    policies = {name: asked.pop(name) for name in _POLICIES if name in asked}
    guards = dict(_guard(text) for text in asked.pop("guards", ()))
    mails = {_MAILS[name]: asked.pop(name) for name in _MAILS if name in asked}
    if mails:
        named = {
            name: [one for one in value if one] if name != "overview_at" else value for name, value in mails.items()
        }
        asked["mails"] = {**(before.mails if before else {}), **named}
    if policies:
        asked["policies"] = {**(before.policies if before else {}), **policies}
    if guards:
        asked["guards"] = {**(before.guards if before else {}), **guards}
    return asked


def _guard(text: str) -> tuple[str, list[int]]:
    name, _, limits = text.partition("=")
    numbers = [number for one in limits.split(",") if (number := whole_number(one)) is not None]
    if name not in NAMES or len(numbers) not in (2, 3) or len(numbers) != limits.count(",") + 1:
        raise WrongUse("bad-guard", text=text)
    return name, numbers
