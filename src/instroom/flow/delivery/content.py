"""What a delivered file holds: read and checked again whenever it is needed, because the file is kept."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from instroom.core.findings import CATALOGUE
from instroom.core.keys import Key
from instroom.core.layout.loader import Layout
from instroom.core.model import Checked, FileFacts, Policies, Table
from instroom.core.parts import from_document
from instroom.core.pipeline import check_file, check_table, read_file
from instroom.core.plan.model import Known
from instroom.core.report.record_names import names_of_rows
from instroom.flow import find
from instroom.flow.policies import of_file
from instroom.flow.source_limits import Sources, sources_of_delivery
from instroom.store.files import delivered_files
from instroom.store.models import Delivery, Environment
from instroom.store.sql import records
from instroom.store.sql.dossier_counts import count_dossiers
from instroom.store.sql.findings import stored


class Content(NamedTuple):
    """A delivered file after the check."""

    checked: Checked
    layout: Layout
    policies: Policies
    sources: Sources
    """From which it may bring something."""
    names: Mapping[int, str] = {}
    """By row who is on it, where that was asked for."""


def read(delivery: Delivery, *, with_names: bool = False) -> Content:
    """Read and check the file of a delivery, as of the day that it was received. Raises OSError and FileChanged."""
    layout, policies, sources = find.layout(delivery.layout), of_file(delivery.policies), sources_of_delivery(delivery)
    table: Table | None
    if delivery.merged:
        table = whole = _whole_table(delivery, delivery.merged["sha256"])
        checked = check_table(
            _facts_of(delivery),
            whole,
            layout,
            policies,
            environment=True,
            today=delivery.received_at.date(),
            sources=sources,
        )
    else:
        with delivered_files.in_memory(delivery.file_key, delivery.sha256) as path:
            checked, table = check_file(
                path,
                layout,
                policies,
                delivery.file_name,
                environment=True,
                today=delivery.received_at.date(),
                sources=sources,
            )
    names = names_of_rows(checked, table, layout) if with_names and table and checked.findings else {}
    return Content(checked, layout, policies, sources, names)


def table_of(delivery: Delivery) -> Table | None:
    """The file's own cells, unchecked; of a part that was put in the version before, the cells of the whole. None where
    the file cannot be read. Raises OSError and FileChanged."""
    if delivery.merged:
        return _whole_table(delivery, delivery.merged["sha256"])
    with delivered_files.in_memory(delivery.file_key, delivery.sha256) as path:
        return read_file(path, find.layout(delivery.layout), delivery.file_name).table


def whole_file_key(delivery: Delivery) -> str:
    """Where the whole of a part is kept: beside its file, as reports are, so that it goes where that goes."""
    return f"{delivery.file_key}.whole.table"


def _whole_table(delivery: Delivery, sha256: str) -> Table:
    with delivered_files.in_memory(whole_file_key(delivery), sha256) as path:
        return from_document(json.loads(path.read_bytes()))


def _facts_of(delivery: Delivery) -> FileFacts:
    return FileFacts(delivery.file_name, delivery.file_format or None, delivery.bytes, delivery.sha256)  # type: ignore[arg-type]


def checked_of(delivery: Delivery) -> Checked:
    """A delivered file after its check as that is kept: its findings and counts, not its records."""
    found, counts = stored(delivery), delivery.counts
    rejected = any(
        severity == "error" and CATALOGUE[code].scope in ("file", "header") for severity, code, _ in found.counts()
    )
    sizes = [counts.get(name, 0) for name in ("records", "companies", "persons")]
    return Checked(_facts_of(delivery), delivery.layout, [], frozenset(), frozenset(), found, rejected, *sizes)


def known(content: Content, environment: Environment) -> Known:
    """The stored dossiers that the file names."""
    if not any(count_dossiers(environment).values()):
        return Known({}, {})
    companies: set[Key] = {record.company.key for record in content.checked.records if record.company}
    persons: set[Key] = {record.person.key for record in content.checked.records if record.person}
    return records.load_known(environment.id.hex, companies, persons)
