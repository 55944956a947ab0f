"""A delivery as programs and people see it: the document of the contracts, and its plan field by field."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from instroom.core.fields import FIELDS
from instroom.core.language import LANGUAGES, Language
from instroom.core.plan.model import Change
from instroom.core.wording.catalogue import label
from instroom.flow.earlier_versions import fewer_than_before
from instroom.flow.nearest_name import nearest_document
from instroom.flow.site_clock import iso_moment
from instroom.flow.waits import waits_until
from instroom.store.models import Customer, Delivery, Environment, Plan
from instroom.store.sql import plan_pages, plans, records
from instroom.store.states import State

Document = dict[str, Any]

# PostgreSQL keeps the keys of JSON in an order of its own; people and contracts have theirs.
_COUNTS = ("records", "companies", "persons", "errors", "warnings", "notices")
_ACTIONS = ("new", "changed", "unchanged")
_LINKS = ("linked", "relinked", "unlinked")
_ENVIRONMENTS = (Environment.TRAINING, Environment.LIVE)
_MERGED = ("before", "replaced", "kept")
_LARGE = ("basis", "outcomes", "differences")  # of a plan: megabytes, loaded only where they are needed


def document(delivery: Delivery) -> Document:
    """The document of `deliver`, `approve` and `show --format json`."""
    return _document(delivery, {name: plan_of(delivery, name) for name in _ENVIRONMENTS})


def documents(found: Sequence[Delivery]) -> list[Document]:
    """The documents of several deliveries, in few queries."""
    newest: dict[Any, dict[str, Plan | None]] = {one.pk: {} for one in found}
    plans_of = Plan.objects.filter(delivery__in=list(newest)).select_related("environment")
    for plan in plans_of.exclude(state=Plan.OUTDATED).defer(*_LARGE):
        newest[plan.delivery_id][plan.environment.name] = plan
    known = {one.pk: one for one in found}
    for one in found:  # each looks at those before it: those are read once
        if one.corrects_id in known:
            one.corrects = known[one.corrects_id]
    return [_document(one, newest[one.pk]) for one in found]


def as_received(delivery: Delivery) -> Document:
    """The document as it was when the file had just been taken in."""
    unchecked = {"state": State.RECEIVED, "verdict": None, "counts": dict.fromkeys(_COUNTS, 0)}
    unchecked |= dict.fromkeys(("merged", "fewer_records"))
    at = {"changed_at": _moment(delivery.received_at), "finished_at": None}
    return {**with_times(_document(delivery, {}), delivery), **unchecked, **at}


def cause_text(delivery: Delivery, lang: Language) -> str:
    """Why its last try failed, and what to do."""
    sentence = label("reason", delivery.cause or "attempts", lang)  # of what an older version gave up, no more is known
    return f"{sentence} ({', '.join(facts.values())})" if (facts := delivery.cause_facts) else sentence


def _trouble(delivery: Delivery) -> Document:
    return {
        "cause": delivery.cause,
        "facts": delivery.cause_facts,
        "sentence": {lang: cause_text(delivery, lang) for lang in LANGUAGES},
        "tries": delivery.failures + delivery.crashes,
        "again_at": iso_moment(delivery.try_again_at),
    }


def with_times(document: Document, delivery: Delivery) -> Document:
    """The document of a delivery as the API has it."""
    return {
        **document,
        "waits_for": document.get("waits_for"),
        "waits_until": document.get("waits_until"),
        "nearest_name": document.get("nearest_name"),
        "trouble": document.get("trouble"),
        "merged": document.get("merged"),
        "fewer_records": document.get("fewer_records"),
        "sha256": delivery.sha256 or None,
        "received_at": _moment(delivery.received_at),
        "changed_at": _moment(delivery.changed_at),
        "finished_at": _moment(delivery.finished_at) if delivery.finished_at else None,
    }


def _document(delivery: Delivery, newest: Mapping[str, Plan | None]) -> Document:
    return {
        "id": str(delivery.pk),
        "customer": delivery.customer.name,
        "connection": delivery.connection.name if delivery.connection else None,
        "file": delivery.file_name,
        "state": delivery.state,
        "verdict": delivery.verdict or None,
        "counts": {name: delivery.counts.get(name, 0) for name in _COUNTS},
        "training": outcome(newest.get(Environment.TRAINING)),
        "live": outcome(newest.get(Environment.LIVE)),
        **({"waits_for": delivery.waits_for} if delivery.waits_for else {}),
        **({"waits_until": iso_moment(until)} if (until := waits_until(delivery)) else {}),
        **({"nearest_name": nearest} if (nearest := nearest_document(delivery)) else {}),
        **({"trouble": _trouble(delivery)} if delivery.cause else {}),
        **({"fewer_records": fewer} if (fewer := fewer_than_before(delivery)) else {}),
        **({"merged": {name: delivery.merged[name] for name in _MERGED}} if delivery.merged else {}),
    }


def _moment(at: datetime) -> str:
    """To the microsecond: what is changed since this one is not this one."""
    return timezone.localtime(at).isoformat(timespec="microseconds")


def outcome(plan: Plan | None) -> Document | None:
    """The OUTCOME of the contracts; None where there is no plan."""
    if plan is None:
        return None
    totals = plan.totals
    return {
        "state": _state(plan),
        "records": totals["records"],
        "left_out": totals["left_out"],
        "companies": _action_counts(totals["companies"], _ACTIONS),
        "persons": _action_counts(totals["persons"], (*_ACTIONS, *_LINKS)),
    }


def _action_counts(counted: Mapping[str, int], names: Iterable[str]) -> dict[str, int]:
    """The contract knows no removal, which only an undo does: there a dossier that goes is one that changes."""
    return {name: counted[name] + (counted.get("removed", 0) if name == "changed" else 0) for name in names}


def _state(plan: Plan) -> str:
    """planned, imported or undone. Where training was refreshed from live, it holds what live held at that moment."""
    return {Plan.REFRESHED: Plan.UNDONE, Plan.COPIED: Plan.IMPORTED}.get(plan.state, plan.state)


def plan_of(delivery: Delivery, environment: str) -> Plan | None:
    """The plan of a delivery for an environment; of several the one that is not outdated."""
    found = delivery.plans.filter(environment__name=environment).exclude(state=Plan.OUTDATED)
    return found.defer(*_LARGE).first()


def deliveries(customer: Customer, most: int) -> list[Delivery]:
    """A customer's last deliveries, the newest first."""
    found = Delivery.objects.filter(customer=customer).select_related("customer", "connection")
    return list(found.order_by("-number")[:most])


def changes(delivery: Delivery, environment: str) -> Iterator[Document]:
    """What the plan does to each dossier, field by field, in the form of `report.plan_text.change_text`."""
    plan = plan_of(delivery, environment)
    if plan is not None:
        yield from in_words(plans.load_changes(plan))


def in_words(
    changed: Sequence[Change], plan: Plan | None = None, *, sources: Collection[str] | None = None
) -> Iterator[Document]:
    """Changes with the ExternId of each company that they name; of a `plan`, where they are not all of its changes.
    Companies of other than these `sources` are not named, where they are given."""
    own = {change.dossier: change.extern_id for change in changed if change.kind == "company"}
    ids = {one for change in changed for one in (change.company_before, change.company_after) if one} - set(own)
    there = {one: (stored.key[0], stored.extern_id) for one, stored in records.load_by_ids("company", ids).items()}
    if plan and (new := ids - set(own) - set(there)):
        there |= {one: (change.key[0], change.extern_id) for one, change in plan_pages.changes_to(plan, new).items()}
    names = own | {one: id_ for one, (source, id_) in there.items() if sources is None or source in sources}
    for change in changed:
        yield _change(change, names)


def _change(change: Change, names: dict[str, str]) -> Document:
    before, after = dict(change.before), dict(change.after)
    old, new = before.pop("categories", []), after.pop("categories", [])
    free = before.pop("free_fields", {}), after.pop("free_fields", {})
    link = [change.link, names.get(change.company_before or ""), names.get(change.company_after or "")]
    return {
        "kind": change.kind,
        "action": change.action,
        "source": change.key[0],
        "extern_id": change.extern_id,
        "row": change.row,
        "fields": {
            name: [before.get(name, ""), after.get(name, "")]
            for name in FIELDS[change.kind]
            if name in before or name in after
        },
        "categories": [pair for pair in new if pair not in old],
        "categories_removed": [pair for pair in old if pair not in new],
        "free_fields": {
            code: [free[0].get(code, ""), free[1].get(code, "")]
            for code in sorted({*free[0], *free[1]})
            if free[0].get(code) != free[1].get(code)
        },
        "link": link if change.link else None,
    }
