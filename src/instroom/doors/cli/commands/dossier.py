"""`instroom dossier`: a company or a person, and what each import did to it (product.md D9)."""

from collections.abc import Iterator
from typing import cast

import click
from django.utils import timezone

from instroom.core.fields import FIELDS, Kind
from instroom.core.language import Language
from instroom.core.layout.standard import standard
from instroom.core.report.plan_text import change_text, field_label
from instroom.core.report.visible import visible
from instroom.core.report.words import words
from instroom.core.wording.phrases import day, moment
from instroom.doors.cli import options
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.output.streams import answer, write_json
from instroom.doors.cli.output.words import phrase
from instroom.flow import find
from instroom.flow.queries.history import DossierView, LedgerEntry, document, dossier, history


@click.command(name="dossier")
@click.argument("kind", type=click.Choice(["company", "person"]))
@click.argument("source")
@click.argument("extern_id", metavar="ID")
@options.environment
@options.customer
@options.by
@options.text_or_json
@click.pass_obj
def command(
    invocation: Invocation, kind: str, source: str, extern_id: str, environment: str, customer: str, by: str, form: str
) -> int:
    """Show the dossier of KIND (company or person) with ExternSource SOURCE and ExternId ID, and its history."""
    place = find.environment(find.customer(customer), environment)
    reader = find.active_user(by)
    found = dossier(place, cast(Kind, kind), source, extern_id, by=reader)
    past = list(history(place, found.stored, by=reader))
    if form == "json":
        write_json(document(found, past))
    else:
        answer(
            "\n\n".join(
                ("\n".join(_dossier_lines(found, invocation.lang)), *(_entry(one, invocation.lang) for one in past))
            )
        )
    return 0


def _dossier_lines(found: DossierView, lang: Language) -> Iterator[str]:
    stored, layout = found.stored, standard()
    kind = words(lang)["change"][found.kind]
    yield f"{kind} {visible(stored.extern_id)} ({visible(stored.key[0])})"
    for name, value in zip(FIELDS[found.kind], stored.fields, strict=True):
        if value:
            shown = day(value, lang) if name == "date_of_birth" else visible(value, 500)
            yield f"  {field_label(found.kind, name, layout, lang)}: {shown}"
    for name, value in (*stored.categories, *stored.free_fields):
        yield f"  {visible(name)}: {visible(value, 500)}"
    if found.kind == "company":
        yield "  " + phrase("persons", lang, count=found.persons)
    elif found.company:
        yield "  " + phrase("company", lang, name=visible(found.company.fields[0]), id=visible(found.company.extern_id))
    else:
        yield "  " + phrase("private", lang)


def _entry(entry: LedgerEntry, lang: Language) -> str:
    at = moment(timezone.localtime(entry.plan.executed_at), lang)
    head = phrase("history", lang, at=at, delivery=entry.plan.delivery_id)
    return f"{head}\n{change_text(entry.change, standard(), lang)}"
