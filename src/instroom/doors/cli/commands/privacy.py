"""`instroom privacy`: which personal data is where."""

import click

from instroom.doors.cli.context import Invocation
from instroom.doors.cli.output.streams import answer, write_json
from instroom.flow.privacy.privacy_map import as_html, as_markdown, privacy_map


@click.group(name="privacy")
def command() -> None:
    """What this site keeps of persons."""


@command.command(name="map")
@click.option(
    "--format",
    "form",
    type=click.Choice(["md", "html", "json"]),
    default="md",
    show_default=True,
    help="A page, or one JSON document for programs.",
)
@click.pass_obj
def show_map(invocation: Invocation, form: str) -> int:
    """Print the privacy map and the record of processing (GDPR, article 30): which data, of whom, why,
    how long, encrypted how, where, seen by whom.
    """
    if form == "json":
        write_json(privacy_map(invocation.lang))
    else:
        answer(as_html(invocation.lang) if form == "html" else as_markdown(invocation.lang))
    return 0
