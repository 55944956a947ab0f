"""Writes an environment's dossiers in the delivery layout (product.md, export): delivering that changes nothing."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from django.db import transaction

from instroom.core.fields import Kind
from instroom.core.layout.loader import Layout
from instroom.core.layout.standard import DEFAULT_LAYOUT
from instroom.core.model import FileFormat, Limits
from instroom.core.plan.model import Stored
from instroom.core.write.delivery_file import write_records
from instroom.core.write.dossier_rows import exceeds, row_of
from instroom.flow import audit, find, permissions, throttle
from instroom.flow.news.export_news import tell_exported
from instroom.flow.source_limits import Sources, is_within, sources_for
from instroom.store.models import Environment, User
from instroom.store.sql import records

_ROWS_A_FILE = Limits().records


class Exported(NamedTuple):
    files: list[Path]
    rows: int
    shortened: int
    """Dossiers with more categories or free fields than the layout has columns for: the first ones are given."""


def export(
    environment: Environment,
    target: Path,
    file_format: FileFormat = "csv",
    layout: str = DEFAULT_LAYOUT,
    *,
    by: User | None = None,
) -> Exported:
    """Write all dossiers that `by` may export to `target`; more than 10,000 rows go to numbered files, `naam-1.csv`,
    `naam-2.csv`, ….

    That it was done is in the audit log (G2). `by` asks for it, and the operators are told by mail; None: the person
    who runs this machine. Raises NotFound and NotAllowed for what is named, TooOften, and OSError where a file cannot
    be written.
    """
    if by:
        permissions.check(by, "export", environment.customer)
        throttle.refuse_too_often(throttle.EXPORTS, "exports-too-often", f"{environment.customer_id} {by.pk}")
    sources = sources_for(by, "export", environment.customer)
    rows = _Rows(environment.id.hex, find.layout(layout, environment.customer), sources)
    source = iter(rows)
    files: list[Path] = []
    count = 0
    while piece := list(islice(source, _ROWS_A_FILE)):
        files.append(target.with_name(f"{target.stem}-{len(files) + 1}{target.suffix}"))
        write_records(files[-1], file_format, rows.layout, piece)
        count += len(piece)
    if len(files) == 1:
        files = [files[0].replace(target)]
    if not files:
        write_records(target, file_format, rows.layout, [])
        files = [target]
    with transaction.atomic():
        audit.note(environment.customer, "exported", by, environment=environment.name, rows=count)
        if by:
            tell_exported(environment, count, by)
    return Exported(files, count, rows.shortened)


class _Rows:
    """First each company that has no persons, then each person with its company; of these sources alone."""

    def __init__(self, environment: str, layout: Layout, sources: Sources) -> None:
        self.layout, self.shortened, self._environment, self._sources = layout, 0, environment, sources

    def __iter__(self) -> Iterator[list[str]]:
        companies = {company.id: company for company in self._dossiers("company")}
        persons = self._dossiers("person")
        with_persons = records.companies_with_persons(self._environment, sources=self._sources)
        self.shortened += sum(exceeds(self.layout, "company", company) for company in companies.values())
        for company in companies.values():
            if company.id not in with_persons:
                yield row_of(self.layout, company, None)
        for person in persons:
            self.shortened += exceeds(self.layout, "person", person)
            yield row_of(self.layout, companies.get(person.company or ""), person)

    def _dossiers(self, kind: Kind) -> Iterator[Stored]:
        found = records.all_dossiers(self._environment, kind)
        return (one for one in found if is_within(one.key[0], self._sources))
