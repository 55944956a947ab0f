"""`instroom doctor`: all that is wrong with this site, and what to do. It works where nothing else does."""

import os
from collections.abc import Sequence
from importlib.metadata import version
from itertools import groupby
from typing import Any

import click

from instroom.doors.cli.context import Invocation
from instroom.doors.cli.options import text_or_json
from instroom.doors.cli.output.streams import answer, plain, write_json
from instroom.doors.cli.output.words import phrase
from instroom.doors.cli.wrong_use import ANSWER_IS_NO, WrongUse
from instroom.flow.operations.doctor.diagnosis import CODES, LEVELS, SENTENCES, Asked, Diagnosis, worst
from instroom.flow.operations.doctor.examination import examine


def _address(_context: click.Context, _option: click.Parameter, given: str | None) -> str:
    name, at, host = (given or "").partition("@")
    if given and (not (name and at and host) or any(one in given for one in ' ,<>"\r\n')):
        raise WrongUse("usage-address")
    return given or ""


@click.command(name="doctor")
@click.argument("subjects", metavar="[SUBJECT]...", nargs=-1, type=click.Choice(list(CODES)))
@click.option(
    "--thorough", is_flag=True, help="Read the whole database and look for every file, however long it takes."
)
@click.option("--mail", "mail_to", metavar="ADDRESS", callback=_address, help="Send a test mail there.")
@text_or_json
@click.pass_obj
def command(invocation: Invocation, subjects: tuple[str, ...], thorough: bool, mail_to: str, form: str) -> int:
    """Look at all that this site stands on, and say what is wrong and what to do. Run it as the user of the services,
    and with their settings.

    It changes nothing, also where the database or the settings cannot be used, and takes 30 seconds at most, but for
    --thorough. Subjects: program, home, settings, database, clock, files, room, ports, certificate, mail, work and
    kept (delivered files); by default all. The exit code is 1 where anything is wrong, an error or a warning.
    """
    os.umask(0o077)
    found = examine(Asked(invocation.lang, thorough, mail_to), subjects or tuple(CODES))
    if form == "json":
        write_json(_document(found, invocation))
    else:
        _print(found, invocation)
    return ANSWER_IS_NO if worst(found) != "ok" else 0


def _document(found: Sequence[Diagnosis], invocation: Invocation) -> dict[str, Any]:
    diagnoses = [one.document(invocation.lang) for one in found]
    return {"version": version("instroom"), "level": worst(found), "diagnoses": diagnoses}


def _print(found: Sequence[Diagnosis], invocation: Invocation) -> None:
    words = SENTENCES.texts(invocation.lang)
    width = max(len(words[f"level-{level}"]) for level in LEVELS)
    for subject, ones in groupby(found, key=lambda one: one.subject):
        answer(words[f"subject-{subject}"])
        for one in ones:
            answer(f"  {words[f'level-{one.level}']:<{width}}  {one.code}: {plain(one.sentence(invocation.lang))}")
    levels = [one.level for one in found]
    counts = {"errors": levels.count("error"), "warnings": levels.count("warning")}
    answer(phrase("doctor-wrong" if any(counts.values()) else "doctor-well", invocation.lang, **counts))
