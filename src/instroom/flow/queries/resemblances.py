"""A new dossier of a plan beside the stored one that it may be (finding possible-duplicate)."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from instroom.core.fields import FIELDS, Kind
from instroom.core.keys import Key, key
from instroom.core.plan.model import Change, Stored
from instroom.flow.queries.dossier_names import company_names, name_of, values_of
from instroom.store.models import Plan
from instroom.store.sql import findings, records

RESEMBLES: Final = "possible-duplicate"


class Resemblance(NamedTuple):
    """A stored dossier beside a new one."""

    dossier: str
    """Its id."""
    name: str
    extern_id: str
    source: str
    fields: dict[str, tuple[str, str]]
    """What both have, by field: new, and stored."""
    companies: tuple[str, str]
    """The names of their companies."""


def resemblances(plan: Plan, new: Sequence[Change]) -> dict[str, Resemblance]:
    """By the id of the new dossier, of these changes."""
    companies = company_names(plan, new)
    rows = {(str(one.kind), one.row): one for one in new if one.action == "new"}
    found: dict[str, tuple[Change, Key]] = {}
    for one in findings.stored(plan.delivery).among(lambda group: group[1] == RESEMBLES):
        change = rows.get((str(one.facts.get("block")), one.row))
        if change and "extern_id" in one.facts:
            found[change.dossier] = change, key(one.facts["extern_source"], one.facts["extern_id"])
    stored = _stored(plan, list(found.values()))
    linked = [other.company for other in stored.values() if other.company]
    names = {one: name_of("company", other) for one, other in records.load_by_ids("company", linked).items()}
    alike = {}
    for dossier, (change, asked) in found.items():
        if other := stored.get((change.kind, asked)):
            both = companies.get(change.company_after or "", ""), names.get(other.company or "", "")
            alike[dossier] = _beside(change, other, both)
    return alike


def _stored(plan: Plan, found: Sequence[tuple[Change, Key]]) -> dict[tuple[Kind, Key], Stored]:
    kinds: tuple[Kind, ...] = ("company", "person")
    return {
        (kind, one): stored
        for kind in kinds
        for one, stored in records.load_by_keys(
            plan.environment_id.hex, kind, [asked for change, asked in found if change.kind == kind]
        ).items()
    }


def _beside(change: Change, other: Stored, companies: tuple[str, str]) -> Resemblance:
    values = values_of(change.kind, other)
    both = {
        field: (change.after[field], values[field])
        for field in FIELDS[change.kind]
        if change.after.get(field) and values[field]
    }
    return Resemblance(other.id, name_of(change.kind, other), other.extern_id, other.key[0], both, companies)
