"""A person with everything that names them: dossiers of now and before, plans, deliveries with their rows."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final, NamedTuple

from instroom.core.check.headers.placement import place
from instroom.core.errors import NotFound
from instroom.core.keys import Key, id_key, key, source_key
from instroom.core.layout.loader import Layout
from instroom.core.model import Table
from instroom.flow import find
from instroom.flow.delivery.content import table_of
from instroom.store.files import delivered_files
from instroom.store.files.sealed_stream import FileChanged
from instroom.store.in_parts import in_parts
from instroom.store.models import Customer, Delivery, Environment, Plan
from instroom.store.sql import plans, records, search

Cells = list[tuple[str, str]]
"""The filled cells of a row, each behind its header."""
_MOST: Final = 1000  # sources with one ExternId


class DataSubject:
    """The person with one key, as one customer knows them."""

    def __init__(
        self, customer: Customer, person: Key, extern_id: str, ids: set[str], named_in: dict[Any, Plan]
    ) -> None:
        self.customer, self.key, self.extern_id = customer, person, extern_id
        self.dossier_ids = ids
        """As 32 hex digits: those of now, in both environments, and those of before."""
        self.plans = named_in
        """By id: those that looked at a dossier of the person, or would make one."""

    @cached_property
    def mentions(self) -> "list[Mention]":
        """The deliveries that name the person, in their order. Each file that may do so is read."""
        planned = {plan.delivery_id for plan in self.plans.values()}
        silent = _wholly_planned(self.customer) - planned
        found = []
        for delivery in Delivery.objects.filter(customer=self.customer).order_by("number"):
            kept = bool(delivery.file_key) and delivered_files.kept(delivery.file_key).exists()
            rows: dict[int, Cells] = {}
            if kept and delivery.pk not in silent:
                try:
                    table = table_of(delivery)
                    rows = _rows_naming(table, find.layout(delivery.layout), self.key) if table else {}
                except (FileChanged, NotFound):  # damaged on the disk, or in a layout that the site has no more
                    kept = False
            if rows or delivery.pk in planned:
                found.append(Mention(delivery, rows, kept))
        return found


class Mention(NamedTuple):
    """A delivery that names a person."""

    delivery: Delivery
    rows: dict[int, Cells]
    """By row number; none where the file cannot be read any more."""
    file_kept: bool


def find_person(customer: Customer, extern_id: str, source: str | None = None) -> DataSubject:
    """The person with this ExternId; `source` may be left out where only one source has it.

    Raises NotFound where nothing of such a person is stored in dossiers or plans, or several sources have the ExternId.
    With `source` the person need not be known: files are looked through all the same.
    """
    ids: dict[str, set[str]] = defaultdict(set)
    named_in: dict[str, dict[Any, Plan]] = defaultdict(dict)
    wanted = None if source is None else source_key(source)
    for environment in find.environments(customer):
        found = search.by_key(environment.id.hex, "person", extern_id, _MOST, sources=None)
        for stored in records.load_by_ids("person", found).values():
            ids[stored.key[0]].add(stored.id)
    for plan, person, dossier in _planned_persons(customer, id_key(extern_id)):
        ids[person[0]].add(dossier)
        named_in[person[0]][plan.pk] = plan
    if wanted is None:
        if not ids:
            raise NotFound("no-person", id=extern_id, customer=customer.name)
        if len(ids) > 1:
            raise NotFound("person-ambiguous", id=extern_id, sources=sorted(ids))
        [wanted] = ids
    return DataSubject(customer, key(wanted, extern_id), extern_id, ids[wanted], named_in[wanted])


def persons_named(customer: Customer) -> set[Key]:
    """Every person of whom a dossier or a plan is stored."""
    found = {one.key for place in find.environments(customer) for one in records.all_dossiers(place.id.hex, "person")}
    kept = Plan.objects.filter(environment__customer=customer, values_removed_at=None)
    for plan in in_parts(kept.only("basis"), "pk", 100):
        found.update((source, one) for (source, one), _, _ in plans.basis_of(plan)["person"])
    return found


def _planned_persons(customer: Customer, extern_id_key: str) -> Iterator[tuple[Plan, Key, str]]:
    """Of each plan that looked at a person with this ExternId: the plan, the key, the id of the dossier."""
    kept = Plan.objects.filter(environment__customer=customer, values_removed_at=None)
    for plan in in_parts(kept.select_related("environment").defer("outcomes", "differences"), "pk", 100):
        for (source, one), dossier, _ in plans.basis_of(plan)["person"]:
            if one == extern_id_key:
                yield plan, (source, one), dossier


def _wholly_planned(customer: Customer) -> set[Any]:
    """The deliveries whose plan against live looked at every record, so that it says all that their files name."""
    live = Plan.objects.filter(environment__customer=customer, environment__name=Environment.LIVE)
    whole = live.filter(totals__left_out=0, values_removed_at=None)
    return set(whole.values_list("delivery", flat=True))


def _rows_naming(table: Table, layout: Layout, person: Key) -> dict[int, Cells]:
    """Rows of another width than the header are about whoever they name anywhere: nobody knows which cell is which."""
    positions = place(table, layout).positions
    at_id, at_source = (positions[column.index] for column in (layout.person.extern_id, layout.person.extern_source))
    found: dict[int, Cells] = {}
    if at_id is not None and at_source is not None:
        for number, cells in zip(table.places, table.rows, strict=True):
            if key(cells[at_source], cells[at_id]) == person:
                found[number] = [(name, cell) for name, cell in zip(table.headers, cells, strict=True) if cell]
    for number, cells in table.wrong_width_rows.items():
        if person[1] in map(id_key, cells) and person[0] in map(source_key, cells):
            found[number] = [(str(at), cell) for at, cell in enumerate(cells, start=1) if cell]
    return found
