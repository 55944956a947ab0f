"""`instroom template`: a file to fill in, or with example records (product.md A7)."""

import sys
from pathlib import Path
from typing import cast

import click

from instroom.core.write.templates import TemplateFormat, write_template
from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.input_file import shown
from instroom.doors.cli.layouts import layout_of
from instroom.doors.cli.output.output_file import free_target, write_stdout, write_to
from instroom.doors.cli.output.streams import say
from instroom.doors.cli.output.words import phrase
from instroom.doors.cli.wrong_use import WrongUse

FORMATS = ("xlsx", "csv", "xml", "xsd")
SUFFIXES = tuple(f".{form}" for form in FORMATS)


@click.command(name="template")
@click.option("--format", "form", type=click.Choice(FORMATS), help="By default the format of the -o name, or xlsx.")
@click.option("--example", is_flag=True, help="Add example records, which can be delivered as they are.")
@options.layout_name
@click.option("-o", "--output", metavar="FILE", help="Where to write; - is standard output.")
@click.pass_obj
def command(invocation: Invocation, form: str | None, example: bool, layout_name: str, output: str | None) -> int:
    """Write a template to fill in.

    Without -o, text formats go to standard output and a workbook to instroom-sjabloon.xlsx in this folder (standard
    output, where that is a file or a pipe), unless a file of that name is there already.
    """
    layout = layout_of(layout_name)
    named, form = form is not None, form or _format_of(output)

    def write(target: Path) -> None:
        write_template(target, layout, cast(TemplateFormat, form), example, invocation.lang)

    if output == "-" or (output is None and (form != "xlsx" or not sys.stdout.isatty())):
        write_stdout(f"template.{form}", write)
        return 0
    target = (
        free_target(output, suffixes=() if named else SUFFIXES)
        if output
        else _own_name(phrase("template-name", invocation.lang))
    )
    write_to(target, write)
    say(phrase("written", invocation.lang, name=shown(target)))
    return 0


def _format_of(output: str | None) -> str:
    suffix = Path(output or "").suffix.lower().removeprefix(".")
    return suffix if suffix in FORMATS else "xlsx"


def _own_name(name: str) -> Path:
    target = free_target(name)
    if target.exists():
        raise WrongUse("exists", name=name)
    return target
