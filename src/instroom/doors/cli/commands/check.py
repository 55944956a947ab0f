"""`instroom check`: what is wrong with a file, on anyone's own machine (product.md C5)."""

import sys
from pathlib import Path

import click

from instroom.core.language import Language
from instroom.core.layout.loader import Layout
from instroom.core.model import Checked, Table
from instroom.core.pipeline import check_file
from instroom.core.report.files import AnswerKind, rows_not_held, write_report
from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.input_file import delivered
from instroom.doors.cli.layouts import layout_of
from instroom.doors.cli.output.reports import Targets, report_options, targets_of, write_reports
from instroom.doors.cli.output.streams import answer, colours
from instroom.doors.cli.output.words import phrase
from instroom.doors.cli.wrong_use import ANSWER_IS_NO


@click.command(name="check")
@click.argument("file", type=options.FILE)
@options.text_or_json
@options.layout_name
@options.blank
@options.on_error
@options.nothing_words
@report_options
@click.pass_obj
def command(
    invocation: Invocation,
    file: str,
    form: str,
    layout_name: str,
    blank: str | None,
    on_error: str | None,
    nothing_words: str | None,
    annotate: str | None,
    rejected: str | None,
    report: str | None,
) -> int:
    """Check FILE (CSV, XLSX or XML; - is standard input) and say what is wrong with it. Needs no database.

    Exit code 0: no errors. 1: at least one finding with severity error.
    """
    layout = layout_of(layout_name)
    targets = targets_of(annotate, rejected, report, file)
    policies = options.policies(blank, on_error, nothing_words)
    with delivered(file) as (path, name):
        checked, table = check_file(path, layout, policies, name=name)
    _write_reports(targets, checked, table, layout, invocation.lang)  # first: where it fails, that is the one answer
    if form == "json":
        _print_json(checked, layout, invocation.lang)
    else:
        answer(text_answer(checked, layout, invocation.lang, colours(), "annotated" in targets or table is None))
    return ANSWER_IS_NO if checked.verdict == "errors" else 0


def text_answer(checked: Checked, layout: Layout, lang: Language, colour: bool = False, no_more: bool = False) -> str:
    """The report as text. Where there are errors it ends with how to get them in the file, unless there is `no_more`
    to get: that was asked for already, or the file could not be read."""
    from instroom.core.report.text_report import report_text  # noqa: PLC0415 - only one of the two is needed

    text = report_text(checked, layout, lang, colour)
    return text if no_more or checked.verdict != "errors" else f"{text}\n{phrase('annotate-too', lang)}\n"


def _print_json(checked: Checked, layout: Layout, lang: Language) -> None:
    from instroom.core.report.json_report import dump  # noqa: PLC0415 - as above

    dump(checked, layout, lang, sys.stdout)


def _write_reports(targets: Targets, checked: Checked, table: Table | None, layout: Layout, lang: Language) -> None:
    def write(kind: AnswerKind, target: Path) -> bool:
        return write_report(kind, target, checked, table, layout, lang)

    def not_held(kind: AnswerKind, target: Path) -> list[int]:
        return rows_not_held(kind, target, checked, table)

    write_reports(targets, write, not_held, lang)
