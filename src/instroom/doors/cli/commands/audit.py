"""`instroom audit`: the audit log, as an auditor takes it."""

import json
from pathlib import Path

import click

from instroom.core.whole_number import whole_number
from instroom.core.write.atomic import atomic_write
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.options import by, text_or_json
from instroom.doors.cli.output.output_file import free_target, write_stdout, write_to
from instroom.doors.cli.output.streams import answer, say, write_json
from instroom.doors.cli.output.words import phrase
from instroom.doors.cli.wrong_use import ANSWER_IS_NO, WrongUse
from instroom.flow import find
from instroom.flow.queries import audit_log, audit_verification
from instroom.flow.queries.audit_verification import Verdict


@click.group(name="audit")
def command() -> None:
    """The audit log: is it as it was written, and all of it for an auditor."""


@command.command(name="verify")
@click.option("--customer", metavar="NAME", help="The customer; by default the site and every customer.")
@click.option(
    "--anchor",
    "anchors",
    multiple=True,
    metavar="NAME:NUMBER:HASH",
    help="Where the log ended earlier, as this command said then, or the worker in its own log. Repeatable.",
)
@text_or_json
@click.pass_obj
def verify(invocation: Invocation, customer: str | None, anchors: tuple[str, ...], form: str) -> int:
    """Find the first entry of each log that was changed, removed or added.

    The exit code is 1 where there is one. Prints the anchor of each log: keep it elsewhere, and pass it later
    with --anchor to find out whether entries at the end were removed, or all of them written anew.
    """
    found = [audit_verification.verify(find.customer(customer))] if customer else audit_verification.verify_all()
    found += [_verify_anchor(anchor) for anchor in anchors]
    if form == "json":
        write_json({"logs": [one._asdict() | {"anchor": one.anchor} for one in found]})
    else:
        for one in found:
            name = one.customer or phrase("audit-site", invocation.lang)
            answer(phrase(f"audit-{one.fault or 'whole'}", invocation.lang, name=name, at=one.at, anchor=one.anchor))
    return ANSWER_IS_NO if any(one.fault for one in found) else 0


@command.command(name="export")
@click.option("--customer", metavar="NAME", help="The customer; by default the log of the site.")
@click.option("-o", "--output", metavar="FILE", default="-", help="Where to write; by default standard output.")
@by
@click.pass_obj
def export(invocation: Invocation, customer: str | None, output: str, by: str) -> int:
    """Write all entries with their numbers and hashes, each as a line of JSON, the oldest first."""
    found = audit_log.export_chain(find.customer(customer) if customer else None, by=find.active_user(by))

    def write(path: Path) -> int:
        with atomic_write(path) as draft, draft.open("w", encoding="ascii") as file:
            return sum(file.write(json.dumps(entry) + "\n") > 0 for entry in found)

    count = write_stdout("audit.jsonl", write) if output == "-" else write_to(free_target(output), write)
    say(phrase("audit-exported", invocation.lang, count=count))
    return 0


def _verify_anchor(anchor: str) -> Verdict:
    """Raises WrongUse."""
    name, _, rest = anchor.partition(":")
    digits, _, known = rest.partition(":")
    number = whole_number(digits, 18)
    if number is None or not known:
        raise WrongUse("usage-anchor")
    return audit_verification.verify_anchor(find.customer(name) if name != "-" else None, number, known)
