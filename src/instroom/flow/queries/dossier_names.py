"""What a dossier is called on a screen."""

from collections.abc import Mapping, Sequence
from typing import Any

from instroom.core.fields import FIELDS, Kind
from instroom.core.plan.model import Change, Stored
from instroom.store.models import Plan
from instroom.store.sql import plan_pages, records


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
    names = {one: name_of("company", stored) for one, stored in records.load_by_ids("company", ids).items()}
    if new := ids - set(names):
        names |= {one: company_name(change.after) for one, change in plan_pages.changes_to(plan, new).items()}
    return names
