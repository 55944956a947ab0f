"""`instroom person`: what a person may ask of who keeps their data (product.md G3)."""

import json
from pathlib import Path

import click

from instroom.core.report.person_page import person_page
from instroom.core.write.atomic import atomic_write
from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.input_file import shown
from instroom.doors.cli.output.delivery_answer import print_delivery
from instroom.doors.cli.output.output_file import free_target, write_to
from instroom.doors.cli.output.streams import answer, say, write_json
from instroom.doors.cli.output.words import phrase
from instroom.flow import find
from instroom.flow.delivery.admitting import admit_erased
from instroom.flow.privacy.erasing import erase
from instroom.flow.privacy.person_document import person_document

_KEY = click.argument("extern_id", metavar="KEY")
_source = click.option("--source", metavar="S", help="The ExternSource; needed where several have this ExternId.")


@click.group(name="person")
def command() -> None:
    """A person asks for all that is known of them, or to be erased."""


@command.command(name="export")
@_KEY
@_source
@options.customer
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "html"]),
    help="One JSON document (the default), or a page to read; by default as the -o name ends.",
)
@click.option("-o", "--output", metavar="FILE", help="Where to write; by default standard output, as with -.")
@options.by
@click.pass_obj
def export(
    invocation: Invocation,
    extern_id: str,
    source: str | None,
    customer: str,
    form: str | None,
    output: str | None,
    by: str,
) -> int:
    """Write all that is known of the person with ExternId KEY: dossiers, each change, the rows of
    deliveries that name them with what was found there, and who looked at it.
    """
    lang, user = invocation.lang, find.active_user(by)
    document = person_document(find.customer(customer), extern_id, source, lang, by=user)
    is_page = form == "html" or (form is None and Path(output or "").suffix.lower() in (".html", ".htm"))
    if output is None or output == "-":
        if is_page:
            answer(person_page(document, invocation.lang))
        else:
            write_json(document)
        return 0

    def write(target: Path) -> None:
        with atomic_write(target) as draft:
            text = person_page(document, invocation.lang) if is_page else json.dumps(document, indent=2) + "\n"
            draft.write_text(text, encoding="utf-8")

    target = free_target(output)
    write_to(target, write)
    say(phrase("written", invocation.lang, name=shown(target)))
    return 0


@command.command(name="erase")
@_KEY
@_source
@options.customer
@click.option("--reason", required=True, help="Why; it stays in the register. Write no name in it.")
@options.by
@click.pass_obj
def erase_person(
    invocation: Invocation, extern_id: str, source: str | None, customer: str, reason: str, by: str
) -> int:
    """Erase the person with ExternId KEY: dossiers, values of changes and findings, and the files of
    deliveries that name them. It cannot be undone. A delivery that names the person again is held.
    """
    gone = erase(find.customer(customer), extern_id, source, reason, by=find.active_user(by))
    say(phrase("erased", invocation.lang, count=len(gone)))
    return 0


@command.command(name="admit")
@options.delivery
@options.by
@options.text_or_json
@click.pass_obj
def admit(invocation: Invocation, delivery_id: str, by: str, form: str) -> int:
    """Let the records of delivery ID in that name a person who has been erased: they come into its
    plan, which waits for approval. Without this, approving it leaves them out.
    """
    delivery = find.delivery(delivery_id)
    admit_erased(delivery, by=find.active_user(by))
    return print_delivery(delivery, invocation.lang, form)
