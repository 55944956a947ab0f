"""What a dossier is called on a screen."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from instroom.core.fields import FIELDS, Kind
from instroom.core.plan.model import Change, Stored
from instroom.flow import find, permissions
from instroom.flow.source_limits import Sources, is_within, sources_for
from instroom.store.models import Company, Customer, Person, Plan, User
from instroom.store.sql import plan_pages, records


class NamedDossier(NamedTuple):
    """A dossier as it is called now."""

    kind: Kind
    id: str
    environment: str
    source: str
    extern_id: str
    name: str


def values_of(kind: Kind, stored: Stored) -> dict[str, str]:
    """A stored dossier's fields by name."""
    return dict(zip(FIELDS[kind], stored.fields, strict=True))


def company_name(values: Mapping[str, Any]) -> str:
    """The name of a company."""
    return str(values.get("name") or "")


def person_name(values: Mapping[str, Any]) -> str:
    """First name, or initials where there is none; prefix; surname."""
    given = values.get("first_name") or values.get("initials")
    return " ".join(str(part) for part in (given, values.get("surname_prefix"), values.get("surname")) if part)


def name_of(kind: Kind, stored: Stored) -> str:
    """What a stored dossier is called."""
    values = values_of(kind, stored)
    return company_name(values) if kind == "company" else person_name(values)


def called(changes: Sequence[Change]) -> dict[str, str]:
    """What each changed dossier is called: as it will be where the plan names it, else as it is stored."""
    names: dict[str, str] = {}
    kinds: tuple[Kind, ...] = ("company", "person")
    for kind in kinds:
        stored = records.load_by_ids(kind, [change.dossier for change in changes if change.kind == kind])
        for change in changes:
            if change.kind == kind:
                there = stored.get(change.dossier)
                values = (values_of(kind, there) if there else dict(change.before)) | dict(change.after)
                names[change.dossier] = company_name(values) if kind == "company" else person_name(values)
    return names


def company_names(plan: Plan, changes: Sequence[Change]) -> dict[str, str]:
    """Of the companies to which the changes of a plan make or end a link, also where it makes them."""
    ids = {one for change in changes if change.link for one in (change.company_before, change.company_after) if one}
    names = linked_companies(changes)
    if new := ids - set(names):
        names |= {one: company_name(change.after) for one, change in plan_pages.changes_to(plan, new).items()}
    return names


def linked_companies(changes: Iterable[Change], sources: Sources = None) -> dict[str, str]:
    """By id, the names of the companies to which changes make or end a link, as far as they are stored, of these
    sources."""
    ids = {one for change in changes if change.link for one in (change.company_before, change.company_after) if one}
    there = records.load_by_ids("company", ids)
    return {one: name_of("company", stored) for one, stored in there.items() if is_within(stored.key[0], sources)}


def named_dossiers(customer: Customer, ids: Collection[str], *, by: User) -> dict[str, NamedDossier]:
    """Those of these dossiers that are there, and that `by` may look up."""
    if not ids or "look-up" not in permissions.allowed(by, customer):
        return {}
    sources = sources_for(by, "look-up", customer)
    names = {one.pk: one.name for one in find.environments(customer)}
    models: tuple[tuple[Kind, Any], ...] = (("company", Company), ("person", Person))
    found = {}
    for kind, model in models:
        rows = model.objects.filter(pk__in=list(ids), environment__in=list(names))
        places = {pk.hex: names[place] for pk, place in rows.values_list("pk", "environment")}
        for id_, stored in records.load_by_ids(kind, list(places)).items():
            if is_within(stored.key[0], sources):
                found[id_] = NamedDossier(
                    kind, id_, places[id_], stored.key[0], stored.extern_id, name_of(kind, stored)
                )
    return found
