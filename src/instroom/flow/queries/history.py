"""A dossier and what each import did to it (product.md D9)."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from instroom.core.errors import NotFound
from instroom.core.fields import FIELDS, Kind
from instroom.core.keys import Key, key
from instroom.core.plan.model import Stored
from instroom.flow import audit, find, permissions
from instroom.flow.delivery_document import in_words
from instroom.flow.paging import Page, bounds
from instroom.flow.queries.dossier_names import linked_companies
from instroom.flow.site_clock import iso_moment
from instroom.flow.source_limits import Sources, is_within, sources_for
from instroom.store.models import Company, Customer, Environment, Person, Plan, StoredChange, User
from instroom.store.sql import plans, records, search

_ON_A_PAGE = 20


class DossierView(NamedTuple):
    """A dossier as a reader sees it."""

    kind: Kind
    stored: Stored
    company: Stored | None  # of a source that the reader may see
    persons: int  # of a company


class LedgerEntry(NamedTuple):
    """What one import did to a dossier."""

    plan: Plan
    change: dict[str, Any]
    companies: tuple[str, str] = ("", "")
    """The names of a person's company before and after, where the link changes and the reader may see them."""


def dossier(environment: Environment, kind: Kind, extern_source: str, extern_id: str, *, by: User) -> DossierView:
    """The dossier with this key; that it was looked at is in the audit log (G2). Raises NotFound and NotAllowed."""
    permissions.check(by, "look-up", environment.customer)
    identity = key(extern_source, extern_id)
    stored = records.load_by_keys(environment.id.hex, kind, [identity]).get(identity)
    if stored is None or not is_within(identity[0], sources_for(by, "look-up", environment.customer)):
        raise NotFound("no-dossier", kind=kind, id=extern_id, source=extern_source, environment=environment.name)
    return _note_seen(environment, kind, stored, by)


def dossier_by_id(environment: Environment, kind: Kind, dossier_id: UUID, *, by: User) -> DossierView:
    """As `dossier`, by the id that it has in this environment alone."""
    permissions.check(by, "look-up", environment.customer)
    model = Company if kind == "company" else Person
    found = model.objects.filter(environment=environment, pk=dossier_id).exists()
    stored = records.load_by_ids(kind, [dossier_id.hex]).get(dossier_id.hex) if found else None
    if stored is None or not is_within(stored.key[0], sources_for(by, "look-up", environment.customer)):
        raise NotFound("no-dossier", kind=kind, id=dossier_id, source="", environment=environment.name)
    return _note_seen(environment, kind, stored, by)


def find_in_live(customer: Customer, kind: Kind, extern_source: str, extern_id: str) -> UUID:
    """The id of a dossier in live. Raises NotFound."""
    live = find.environment(customer, Environment.LIVE)
    [found] = dossier_ids(live, [(kind, extern_source, extern_id)])
    if not found:
        raise NotFound("no-dossier", kind=kind, id=extern_id, source=extern_source, environment=live.name)
    return UUID(found)


def dossier_ids(environment: Environment, wanted: Sequence[tuple[Kind, str, str]]) -> list[str]:
    """The id that a dossier of each kind, ExternSource and ExternId has here; "" where it has none."""
    found: dict[tuple[Kind, Key], str] = {}
    for kind in {kind for kind, *_ in wanted}:
        keys = {key(source, extern_id) for one, source, extern_id in wanted if one == kind}
        found |= {(kind, one): id_ for one, (id_, _) in records.versions(environment.id.hex, kind, keys).items()}
    return [found.get((kind, key(source, extern_id)), "") for kind, source, extern_id in wanted]


def _note_seen(environment: Environment, kind: Kind, stored: Stored, by: User) -> DossierView:
    sources = sources_for(by, "look-up", environment.customer)
    company = records.load_by_ids("company", [stored.company])[stored.company] if stored.company else None
    if company and not is_within(company.key[0], sources):
        company = None
    audit.note(environment.customer, "dossier-seen", by, kind=kind, dossier=stored.id, environment=environment.name)
    persons = search.count_persons_of(stored.id, sources=sources) if kind == "company" else 0
    return DossierView(kind, stored, company, persons)


def history(environment: Environment, stored: Stored, *, by: User) -> list[LedgerEntry]:
    """What each import did to the dossier, the first one first; undone imports and their undo are in it."""
    sources = sources_for(by, "look-up", environment.customer)
    return _entries(_changes(environment, stored).order_by("plan__executed_at", "pk"), sources)


def latest(environment: Environment, stored: Stored, number: int = 1, *, by: User) -> Page[LedgerEntry]:
    """A page of what imports did to the dossier, the last one first."""
    sources = sources_for(by, "look-up", environment.customer)
    changes = _changes(environment, stored)
    number, pages, part = bounds(number, total := changes.count(), _ON_A_PAGE)
    return Page(_entries(changes.order_by("-plan__executed_at", "-pk")[part], sources), number, pages, total)


def _changes(environment: Environment, stored: Stored) -> QuerySet[StoredChange]:
    found = StoredChange.objects.filter(environment=environment, dossier=stored.id, plan__state__in=Plan.IN_LEDGER)
    people = ("plan__delivery__delivered_by", "plan__delivery__decided_by", "plan__delivery__undoes")
    large = ("plan__basis", "plan__outcomes", "plan__differences")
    return found.select_related(*people).defer(*large)


def _entries(found: QuerySet[StoredChange], sources: Sources) -> list[LedgerEntry]:
    rows = list(found)
    changes = plans.changes_of(rows)
    names = linked_companies(changes, sources)
    return [
        LedgerEntry(
            row.plan,
            next(in_words([change], row.plan, sources=sources)),
            (names.get(change.company_before or "", ""), names.get(change.company_after or "", "")),
        )
        for row, change in zip(rows, changes, strict=True)
    ]


def document(found: DossierView, past: Sequence[LedgerEntry]) -> dict[str, Any]:
    """A dossier with its history as programs see it."""
    stored = found.stored
    return {
        "kind": found.kind,
        "source": stored.key[0],
        "extern_id": stored.extern_id,
        "fields": dict(zip(FIELDS[found.kind], stored.fields, strict=True)),
        "categories": [list(pair) for pair in stored.categories],
        "free_fields": dict(stored.free_fields),
        "company": found.company.extern_id if found.company else None,
        "persons": found.persons,
        "history": [
            {
                "delivery": str(one.plan.delivery_id),
                "at": iso_moment(one.plan.executed_at),
                "values_removed_at": iso_moment(one.plan.values_removed_at),
                **one.change,
            }
            for one in past
        ],
    }
