"""`instroom check`: what is wrong with a file, on anyone's own machine (product.md C5)."""

import sys
from functools import partial
from pathlib import Path

import click

from instroom.core.layout.loader import Layout
from instroom.core.model import Checked, Table
from instroom.core.pipeline import check_file
from instroom.doors.cli import options
from instroom.doors.cli.asked import Asked, Lang
from instroom.doors.cli.delivered import delivered, shown
from instroom.doors.cli.failures import ANSWER_IS_NO, WrongUse
from instroom.doors.cli.layouts import layout_of
from instroom.doors.cli.streams import answer, colours, say
from instroom.doors.cli.words import phrase
from instroom.doors.cli.written import free_target, write_to


@click.command(name="check")
@click.argument("file", type=options.FILE)
@options.text_or_json
@options.layout_name
@options.blank
@options.on_error
@click.option("--annotate", metavar="OUT.xlsx", help="Write the file as a workbook with its faults marked.")
@click.option("--rejected", metavar="OUT", help="Write only the faulty records, as .csv, .xlsx or .xml.")
@click.option("--report", metavar="OUT.csv", help="Write all findings as CSV.")
@click.pass_obj
def command(
    asked: Asked,
    file: str,
    form: str,
    layout_name: str,
    blank: str | None,
    on_error: str | None,
    annotate: str | None,
    rejected: str | None,
    report: str | None,
) -> int:
    """Check FILE (CSV, XLSX or XML; - is standard input) and say what is wrong with it. Needs no database.

    Exit code 0: no errors. 1: at least one finding with severity error.
    """
    layout = layout_of(layout_name)
    targets = _targets(file, annotate, rejected, report)
    policies = options.policies(blank, on_error)
    with delivered(file) as (path, name):
        checked, table = check_file(path, layout, policies, name=name)
    _write_reports(targets, checked, table, layout, asked.lang)  # first: where it fails, that is the one answer
    _print(checked, layout, asked.lang, form)
    return ANSWER_IS_NO if checked.verdict == "errors" else 0


def _print(checked: Checked, layout: Layout, lang: Lang, form: str) -> None:
    if form == "json":
        from instroom.core.report.json_report import dump  # noqa: PLC0415 - only one of the two is needed

        dump(checked, layout, lang, sys.stdout)
        return
    from instroom.core.report.text_report import report_text  # noqa: PLC0415

    answer(report_text(checked, layout, lang, colours()))


def _targets(source: str, annotate: str | None, rejected: str | None, report: str | None) -> dict[str, Path]:
    asked_for = {
        "annotated": (annotate, (".xlsx",)),
        "rejected": (rejected, (".csv", ".xlsx", ".xml")),
        "report": (report, (".csv",)),
    }
    targets: dict[str, Path] = {}
    for kind, (name, suffixes) in asked_for.items():
        if name is None:
            continue
        target = free_target(name, source, suffixes)
        if target.resolve() in [other.resolve() for other in targets.values()]:
            raise WrongUse("two-outputs", name=name)
        targets[kind] = target
    return targets


def _write_reports(targets: dict[str, Path], checked: Checked, table: Table | None, layout: Layout, lang: Lang) -> None:
    for kind, target in targets.items():
        outcome = write_to(target, partial(_write, kind, checked, table, layout, lang))
        say(phrase("nothing-rejected" if outcome == 0 else "written", lang, name=shown(target)))


def _write(kind: str, checked: Checked, table: Table | None, layout: Layout, lang: Lang, target: Path) -> int | None:
    """Write one of the reports; 0 where there was nothing to write."""
    if kind == "report":
        from instroom.core.report.csv_report import write_csv_report  # noqa: PLC0415 - seldom asked for

        write_csv_report(target, checked, layout, lang)
    elif kind == "annotated":
        from instroom.core.report.annotated import write_annotated  # noqa: PLC0415 - as above

        write_annotated(target, checked, table, layout, lang)
    elif table is None:
        return 0
    else:
        from instroom.core.report.rejected import write_rejected  # noqa: PLC0415 - as above

        return write_rejected(target, checked, table, layout)
    return None
