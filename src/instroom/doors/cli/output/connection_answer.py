"""A connection as the answer of a command: a document, a line, or all that holds for it."""

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from instroom.core.language import Language
from instroom.core.plan.guards import NAMES, guard_of
from instroom.core.report.connection_text import connection_word, guard_word, mails_texts, on_closed_text, schedule_text
from instroom.core.report.safeguard_text import relaxed_lines
from instroom.core.report.visible import visible
from instroom.core.report.words import counted
from instroom.core.schedule import Due
from instroom.core.wording.catalogue import state_word
from instroom.core.wording.phrases import moment, number
from instroom.doors.cli.output.streams import answer, write_json
from instroom.doors.cli.output.words import phrase
from instroom.flow.connections.connection_state import ConnectionStatus, runs_of
from instroom.flow.news.mail_choice import mail_choice
from instroom.flow.safeguards.relaxing import giver_left
from instroom.flow.waits import waits_until
from instroom.store.models import Connection


def line(standing: ConnectionStatus, lang: Language) -> str:
    """`nacht: wacht op het bestand; elke dag om 01:00; volgende keer 04-05-2027 01:00`."""
    one = standing.connection
    parts = [connection_word(standing.state, lang), schedule_text(standing.schedule, lang)]
    if standing.next:
        parts.append(moment(_on_its_clock(standing.next[0], one), lang))
    return f"{one.name}: {'; '.join(parts)}"


def lines(standing: ConnectionStatus, lang: Language) -> Iterator[str]:
    """All that holds for a connection, and what has been."""
    one = standing.connection
    yield f"{one.name}: {connection_word(standing.state, lang)}"
    if one.file_name:
        yield phrase("connection-file", lang, file=visible(one.file_path))
    if one.account:
        yield phrase("connection-account", lang, account=one.account.name)
    yield phrase("connection-schedule", lang, schedule=schedule_text(standing.schedule, lang), zone=one.zone)
    if standing.next:
        times = ", ".join(moment(_on_its_clock(due, one), lang) for due in standing.next)
        yield phrase("connection-next", lang, times=times)
        late, missing = (counted(minutes, "minute", lang) for minutes in (one.late_after, one.missing_after))
        yield phrase("connection-grace", lang, late=late, missing=missing)
        yield phrase(f"connection-on-late-{one.on_late}", lang)
        yield phrase(f"connection-on-correction-{one.on_correction}", lang)
        if one.customer.closing_days:
            yield on_closed_text(one.on_closed, lang).removesuffix(".")
    if one.same_is_normal:
        yield phrase("connection-same-is-normal", lang)
    yield from mails_texts(*mail_choice(one), lang)
    yield from _approval(standing, lang)
    for file in standing.waiting:
        until = waits_until(file)
        at = f", {moment(until.astimezone(ZoneInfo(one.zone)), lang)}" if until else ""
        yield phrase("connection-waiting", lang, file=visible(file.file_name), id=file.pk, at=at)
    yield from _runs(one, lang)


def print_closing_days(document: Mapping[str, Any], lang: Language, form: str) -> None:
    """When a customer is closed."""
    if form == "json":
        write_json(document)
        return
    closed = [document["country"]] if document["country"] else []
    closed += [phrase("closing-weekends", lang)] if document["weekends"] else []
    closed += document["days"]
    answer(phrase("closing-days", lang, days=", ".join(closed)) if closed else phrase("no-closing-days", lang))
    if document["open"]:
        answer(phrase("open-days", lang, days=", ".join(document["open"])))


def _approval(standing: ConnectionStatus, lang: Language) -> Iterator[str]:
    one = standing.connection
    for proposal in standing.proposals:
        for relaxed in relaxed_lines(proposal.relaxes, lang):
            yield f"{relaxed.what}: {relaxed.old} → {relaxed.new}"
        yield phrase("proposal-waits", lang, id=proposal.pk)
    if one.standing_since is None:
        yield phrase("connection-no-standing", lang)
        return
    who = one.standing_by.username if one.standing_by else "?"
    yield phrase("connection-standing", lang, who=who, since=moment(timezone.localtime(one.standing_since), lang))
    if giver_left(one):
        yield phrase("connection-lapsed", lang, name=one.name)
    if standing.stands_back:
        yield phrase("connection-stands-back", lang, since=moment(timezone.localtime(standing.stands_back), lang))
    for name in NAMES:
        guard = guard_of(name, one.guards)
        facts = {"percent": guard.percent, "number": number(guard.number, lang), "least": number(guard.least, lang)}
        yield phrase("connection-guard", lang, guard=guard_word(name, lang), **facts)


def _runs(one: Connection, lang: Language) -> Iterator[str]:
    found = runs_of(one, by=None)
    if found:
        yield phrase("connection-runs", lang)
    for run in found:
        at = moment(run.due_at.astimezone(ZoneInfo(one.zone)), lang)
        file = f"; {state_word(run.delivery.state, lang)} ({run.delivery.pk})" if run.delivery else ""
        yield f"  {at}: {connection_word(run.state, lang)}{file}"


def _on_its_clock(due: Due, one: Connection) -> Any:
    return due.at.astimezone(ZoneInfo(one.zone))
