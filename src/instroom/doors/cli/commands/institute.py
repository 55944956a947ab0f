"""`instroom institute`: what the institute is called whose site this is, and how people reach it."""

import click

from instroom.core import png
from instroom.core.report.visible import visible
from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.input_file import delivered
from instroom.doors.cli.output.streams import answer, say, write_json
from instroom.doors.cli.output.words import phrase
from instroom.flow import find
from instroom.flow.institute import institute
from instroom.flow.operations import institute_settings

_phone = click.option("--phone", metavar="NUMBER", help="The telephone number of the help desk; blank for none.")
_email = click.option("--email", metavar="ADDRESS", help="Where answers to mails go; blank for none.")


@click.group(name="institute")
def command() -> None:
    """The training institute whose site this is: on pages and in mails, so that people know whom they deal with."""


@command.command(name="show")
@options.text_or_json
@click.pass_obj
def show(invocation: Invocation, form: str) -> int:
    """Show what the institute is called and how people reach it."""
    return _print(invocation, form)


@command.command(name="change")
@click.option("--name", metavar="NAME", help="What the institute is called; blank for none.")
@_phone
@_email
@click.option("--website", metavar="ADDRESS", help="Its web address, such as www.voorbeeld.example; blank for none.")
@click.option("--logo", metavar="FILE", type=options.FILE, help="A PNG of at most 100 kB; blank for none.")
@options.by
@options.text_or_json
@click.pass_obj
def change(invocation: Invocation, /, by: str, form: str, logo: str | None, **asked: str | None) -> int:
    """Change what is given; all else stays. For a site operator."""
    operator = find.active_user(by)
    picture = None
    if logo:
        with delivered(logo) as file, file.path.open("rb") as stream:
            picture = stream.read(png.MOST_BYTES + 1)
    changed = institute_settings.save_institute(options.policies_given(**asked), by=operator)
    if logo is not None and institute_settings.save_logo(picture, by=operator):
        changed.append("logo")
    say(phrase("changed" if changed else "nothing-changed", invocation.lang, names=", ".join(changed)))
    return _print(invocation, form)


@click.command(name="contact")
@click.argument("name")
@click.option("--person", metavar="NAME", help="Who it is; blank for nobody.")
@_phone
@_email
@options.by
@options.text_or_json
@click.pass_obj
def contact(
    invocation: Invocation, name: str, person: str | None, phone: str | None, email: str | None, by: str, form: str
) -> int:
    """Show whom the people of the customer NAME ask for help, and change what is given.

    What is blank is that of the institute.
    """
    customer = find.customer(name)
    asked = options.policies_given(name=person, phone=phone, email=email)
    if asked:
        changed = institute_settings.save_contact(customer, asked, by=find.active_user(by))
        say(phrase("changed" if changed else "nothing-changed", invocation.lang, names=", ".join(changed)))
    document = institute_settings.contact_document(customer)
    if form == "json":
        write_json(document)
    elif any(document.values()):
        answer(", ".join(filter(None, document.values())))
    else:
        say(phrase("no-contact", invocation.lang, name=customer.name))
    return 0


def _print(invocation: Invocation, form: str) -> int:
    document = institute_settings.document(institute())
    if form == "json":
        write_json(document)
    elif any(document.values()):
        texts = (document[name] for name in ("name", "phone", "email", "website"))
        answer("\n".join(visible(text, institute_settings.MOST_OF_WEBSITE) for text in texts if text))
    else:
        say(phrase("no-institute", invocation.lang))
    return 0
