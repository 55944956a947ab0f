"""The files that a command writes besides its answer: `--annotate`, `--rejected` and `--report` (product.md C4)."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import click

from instroom.core.language import Language
from instroom.core.report.files import SUFFIXES, AnswerKind
from instroom.doors.cli.input_file import shown
from instroom.doors.cli.output.output_file import free_target, write_to
from instroom.doors.cli.output.streams import say
from instroom.doors.cli.output.words import phrase
from instroom.doors.cli.wrong_use import WrongUse

Command = TypeVar("Command", bound=Callable[..., object])
Targets = dict[AnswerKind, Path]

_OPTIONS = (
    click.option("--annotate", metavar="OUT.xlsx", help="Write the file as a workbook with its errors marked."),
    click.option("--rejected", metavar="OUT", help="Write only the faulty records, as .csv, .xlsx or .xml."),
    click.option("--report", metavar="OUT.csv", help="Write all findings as CSV."),
)


def report_options(command: Command) -> Command:
    """Give a command the three options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def targets_of(
    annotate: str | None, rejected: str | None, report: str | None, source: str = "", whole: str | None = None
) -> Targets:
    """Where to write which, once it is known that it can be: before any work is done.

    `source` is the delivered file. Raises WrongUse as `free_target` does, and where two would be the same file.
    """
    asked_for: dict[AnswerKind, str | None] = {
        "annotated": annotate,
        "rejected": rejected,
        "report": report,
        "whole": whole,
    }
    targets: Targets = {}
    for kind, name in asked_for.items():
        if name is None:
            continue
        target = free_target(name, source, SUFFIXES[kind])
        if target.resolve() in [other.resolve() for other in targets.values()]:
            raise WrongUse("two-outputs", name=shown(name))
        targets[kind] = target
    return targets


def write_reports(
    targets: Targets,
    write: Callable[[AnswerKind, Path], bool],
    not_held: Callable[[AnswerKind, Path], Sequence[int]],
    lang: Language,
) -> None:
    """Let `write` make each of them, and say so; it gives False where there was nothing to write.

    `not_held` gives the rows that the format of a report cannot hold: those are named.
    """
    for kind, target in targets.items():
        done = write_to(target, partial(write, kind))
        rows = not_held(kind, target)
        if done or not rows:
            say(phrase("written" if done else "nothing-rejected", lang, name=shown(target)))
        if rows:
            say(_not_held(rows, target, lang))


def _not_held(rows: Sequence[int], target: Path, lang: Language) -> str:
    said = phrase("not-held", lang, name=shown(target), count=len(rows), rows=rows)
    return said if target.suffix.lower() == ".csv" else f"{said} {phrase('not-held-choose', lang)}"
