"""A delivery as the answer of a command: the document of the contracts, or text that says what to do next."""

from collections.abc import Iterator
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils import timezone

from instroom.core.language import Language
from instroom.core.layout.loader import Layout
from instroom.core.report.columns_text import jump_text
from instroom.core.report.connection_text import exceeded_text
from instroom.core.report.json_report import report_json
from instroom.core.report.plan_text import change_text, kept_label, outcome_text
from instroom.core.report.text_report import report_text
from instroom.core.report.visible import visible
from instroom.core.report.words import counted
from instroom.core.wording.catalogue import find_label, label
from instroom.core.wording.phrases import moment
from instroom.doors.cli.output.streams import answer, colours, write_json
from instroom.doors.cli.output.words import phrase
from instroom.doors.cli.wrong_use import ANSWER_IS_NO, BROKEN
from instroom.flow import delivery_columns, delivery_document, find
from instroom.flow.delivery.content import checked_of
from instroom.flow.delivery.states import AWAITING_DECISION
from instroom.flow.delivery.versions import versions_of
from instroom.flow.delivery_columns import columns_of
from instroom.flow.earlier_versions import may_be_confirmed, part_lines
from instroom.flow.queries.plan_differences import counts_of, differences
from instroom.flow.standing_out import standing_out, texts_of
from instroom.flow.waits import waits_until
from instroom.store.models import Delivery, Plan
from instroom.store.states import State

_NO: Final[dict[str, int]] = {State.REJECTED: ANSWER_IS_NO, State.HELD: ANSWER_IS_NO, State.FAILED: BROKEN}


def print_delivery(
    delivery: Delivery, lang: Language, form: str, wanted: tuple[str, ...] = (), whole: bool = False
) -> int:
    """Print a delivery; the `whole` text has its findings and what it did in training, which are not new to everyone.

    The exit code says whether it is in one of the `wanted` states; without these, any but rejected, held and failed,
    which it is not while it waits for another try.
    """
    if form == "json":
        write_json(delivery_document.document(delivery))
    else:
        answer("\n\n".join(_blocks(delivery, lang, whole)))
    if delivery.try_again_at:
        return BROKEN
    if wanted and delivery.state not in wanted:
        return _NO.get(delivery.state, ANSWER_IS_NO)
    return _NO.get(delivery.state, 0)


def findings_document(delivery: Delivery, lang: Language) -> list[dict[str, Any]]:
    """The findings as `check --format json` gives them."""
    layout = find.layout(delivery.layout)
    found: list[dict[str, Any]] = report_json(checked_of(delivery), layout, lang)["findings"]
    return found


def columns_document(delivery: Delivery, lang: Language) -> dict[str, Any] | None:
    """How each column is filled, beside the file before; None where there is no plan of a file against live."""
    found = columns_of(delivery_document.plan_of(delivery, "live"))
    return delivery_columns.document(found, find.layout(delivery.layout), lang) if found else None


def print_changes(delivery: Delivery, environment: str, lang: Language, most: int | None = None) -> None:
    """What the plan does to each dossier, field by field; of more than `most` dossiers the first ones."""
    if delivery_document.plan_of(delivery, environment) is None:
        return
    layout = find.layout(delivery.layout)
    count = 0
    for count, change in enumerate(delivery_document.changes(delivery, environment), start=1):
        if most is None or count <= most:
            answer("\n" + change_text(change, layout, lang))
    if count == 0:
        answer("\n" + phrase("no-changes", lang))
    if most is not None and count > most:
        command = f"instroom show {delivery.pk} --changes"
        answer("\n" + phrase("more-changes", lang, count=count - most, command=command))


def print_differences(delivery: Delivery, lang: Language) -> None:
    """What changed since approval (D5), dossier by dossier: what was approved, and what would happen now."""
    layout, nothing = find.layout(delivery.layout), True
    for one in differences(delivery):
        nothing = False
        lines = [label("plan-change", one.word, lang).capitalize()]
        for name, change in (("differences-approved", one.approved), ("differences-now", one.now)):
            if change:
                lines += [
                    f"  {phrase(name, lang)}",
                    *(f"    {line}" for line in change_text(change, layout, lang).splitlines()),
                ]
        answer("\n" + "\n".join(lines))
    if nothing:
        answer("\n" + phrase("differences-nothing", lang))


def _blocks(delivery: Delivery, lang: Language, whole: bool) -> Iterator[str]:
    yield _head(delivery, lang)
    layout = find.layout(delivery.layout)
    if whole and delivery.verdict and delivery.kind == Delivery.FILE:
        yield report_text(checked_of(delivery), layout, lang, colours()).rstrip("\n")
    for environment in ("training", "live") if whole else ("live",):
        if plan := delivery_document.plan_of(delivery, environment):
            yield "\n".join(_outcome(plan, environment, layout, lang))
    if steps := _next_steps(delivery, lang):
        yield "\n".join(steps)


def plan_summary(plan: Plan, lang: Language) -> str:
    """What a plan against live does, in numbers, and its digest."""
    lines = _outcome(plan, "live", find.layout(plan.delivery.layout), lang)
    return "\n".join([*lines, "  " + phrase("plan-digest", lang, digest=plan.digest)])


def _head(delivery: Delivery, lang: Language) -> str:
    names = {"id": delivery.pk, "customer": delivery.customer.name, "file": visible(delivery.file_name)}
    if delivery.undoes_id:
        names |= {"undoes": delivery.undoes_id}
    kind = "restore-head" if delivery.only_dossier else "undo-head" if delivery.undoes_id else "delivery-head"
    line = phrase(kind, lang, **names)
    state = phrase("state", lang, state=delivery.state)
    why = [f"  {exceeded_text(facts, lang)}" for facts in delivery.exceeded]
    head = [line, *_version(delivery, lang), f"{state}{_reason(delivery, lang)}", *why, *_since(delivery, lang)]
    return "\n".join(head)


def _version(delivery: Delivery, lang: Language) -> Iterator[str]:
    """Which version it is, where there are several."""
    ids = [one.pk for one in versions_of(delivery)]
    if len(ids) > 1:
        place, count = ids.index(delivery.pk), len(ids)
        if place:
            yield phrase("version", lang, number=place + 1, count=count, before=ids[place - 1])
        else:
            yield phrase("version-first", lang, count=count, newest=ids[-1])
    yield from part_lines(delivery, lang)


def _since(delivery: Delivery, lang: Language) -> Iterator[str]:
    """How many dossiers differ since approval (D5)."""
    if delivery.reason == "live-changed" and (counts := counts_of(delivery)):
        yield phrase("differences", lang, **{"added": 0, "different": 0, "gone": 0, **counts})


def _reason(delivery: Delivery, lang: Language) -> str:
    """Why it is in this state: a word of ours, or what the person who refused it wrote."""
    if delivery.state == State.SCHEDULED and delivery.due_at:
        return ": " + phrase("scheduled", lang, at=moment(timezone.localtime(delivery.due_at), lang))
    if delivery.connection and (until := waits_until(delivery)):
        zone = delivery.connection.zone
        return ": " + phrase("waits-until", lang, at=moment(until.astimezone(ZoneInfo(zone)), lang), zone=zone)
    if delivery.waits_for:
        return ": " + phrase(f"waits-for-{delivery.waits_for}", lang)
    if delivery.try_again_at:
        again = {"tries": delivery.failures + delivery.crashes, "cause": delivery_document.cause_text(delivery, lang)}
        return ": " + phrase("tried-again", lang, at=moment(timezone.localtime(delivery.try_again_at), lang), **again)
    if delivery.cause:
        return f". {delivery_document.cause_text(delivery, lang)}"
    if not delivery.reason:
        return ""
    ours = find_label("reason", delivery.reason, lang)
    return f". {ours}" if ours else f": {visible(delivery.reason, 500)}"


def _outcome(plan: Plan, environment: str, layout: Layout, lang: Language) -> Iterator[str]:
    yield environment.capitalize()
    if plan.state == Plan.REFRESHED:
        yield "  " + phrase("training-refreshed", lang)
        return
    if plan.state == Plan.COPIED:
        yield "  " + phrase("training-copied", lang)
        return
    totals = plan.totals
    if environment == "live" and plan.state == Plan.PLANNED:
        yield from (f"  {text}" for text in texts_of(standing_out(plan), lang))
    if environment == "live" and (columns := columns_of(plan)):
        yield from (f"  {phrase('jump', lang)} {jump_text(jump._asdict(), layout, lang)}" for jump in columns.jumps)
    yield from (f"  {line}" for line in outcome_text({**totals, "state": plan.state}, lang).splitlines())
    if wanting := totals.get("wanting_company"):
        yield "  " + phrase("wanting-company", lang, count=counted(wanting, "record", lang))
    if erased := totals.get("erased"):
        yield "  " + phrase("erased-records", lang, count=counted(erased, "record", lang))
    for kept in plan.kept or ():
        yield "  " + _kept_text(kept, layout, lang)
    if environment == "live" and (others := totals.get("not_in_file")) and any(others.values()):
        companies, persons = (counted(others[kind], word, lang) for kind, word in _KINDS)
        yield "  " + phrase("not-in-file", lang, companies=companies, persons=persons)


_KINDS = (("companies", "company"), ("persons", "person"))


def _kept_text(kept: dict[str, Any], layout: Layout, lang: Language) -> str:
    who = f"{visible(kept['extern_id'])} ({visible(kept['extern_source'])})"
    if not kept["fields"]:
        return phrase(f"kept-whole-{kept['kind']}", lang, who=who)
    fields = ", ".join(kept_label(kept["kind"], name, layout, lang) for name in kept["fields"])
    return phrase("kept", lang, who=who, fields=fields)


def _next_steps(delivery: Delivery, lang: Language) -> list[str]:
    commands = {}
    if delivery.counts.get("errors") and delivery.file_removed_at is None:
        commands["step-annotate"] = f"instroom show {delivery.pk} --annotate {phrase('annotated-name', lang)}"
    if delivery.state in (State.REJECTED, State.REFUSED):
        commands["step-correct"] = f"instroom deliver {phrase('corrected-name', lang)} --corrects {delivery.pk}"
    if delivery.reason == "live-changed" and counts_of(delivery):
        commands["step-differences"] = f"instroom show {delivery.pk} --differences"
    if delivery.state in AWAITING_DECISION:
        commands |= {"step-show": f"instroom show {delivery.pk} --changes",
                     "step-approve": f"instroom approve {delivery.pk}",
                     "step-refuse": f'instroom refuse {delivery.pk} --reason "…"'}  # fmt: skip
    if may_be_confirmed(delivery):
        commands["step-complete"] = f"instroom confirm-complete {delivery.pk}"
    if delivery.state == State.SCHEDULED:
        commands |= {"step-reschedule": f"instroom approve {delivery.pk} --at now",
                     "step-unapprove": f"instroom unapprove {delivery.pk} --reason …"}  # fmt: skip
    if delivery.state == State.FAILED and delivery.file_removed_at is None:
        commands["step-retry"] = f"instroom retry {delivery.pk}"
    if delivery.waits_for:
        choose = " --connection NAME" if delivery.waits_for == "name" else ""
        commands["step-take"] = f"instroom connection take {delivery.pk}{choose}"
    if not commands:
        return []
    width = max(len(phrase(code, lang)) for code in commands)
    return [f"{phrase(code, lang):<{width}}  {command}" for code, command in commands.items()]
