"""A version with only the records that were faulty is put in the version before it (`core.parts`): the rest of that is
taken over unchanged.

The delivered file stays as it is. The whole is kept beside it, sealed, before the delivery says that it is there. So a
process that is killed in between leaves nothing that counts, and the next one makes it again.

Nothing is put in a version where that would bring back old values of somebody whom a newer file names, nor in one that
holds what the supplier may not see.
"""

import io
import json
from collections.abc import Iterator, Mapping, Set
from contextlib import suppress
from itertools import islice
from typing import Final, NamedTuple

from instroom.core.check.private_numbers.bsn_columns import holds_bsn
from instroom.core.fields import Kind
from instroom.core.keys import Key
from instroom.core.model import Table
from instroom.core.parts import as_document, keys_kept, put_in, replaced_rows
from instroom.core.pipeline import check_table, read_file
from instroom.flow import audit, find
from instroom.flow.delivery.content import table_of, whole_file_key
from instroom.flow.delivery.reports import rows_to_correct
from instroom.flow.delivery.states import APPROVED_OR_BEYOND, AWAITING_DECISION
from instroom.flow.earlier_versions import versions_before
from instroom.flow.source_limits import may_take_over
from instroom.store.files import delivered_files, kept_reports
from instroom.store.files.file_store import FileMissing
from instroom.store.files.sealed_stream import FileChanged
from instroom.store.leases import HeldLease
from instroom.store.models import Delivery, Environment, Plan
from instroom.store.sql import plans
from instroom.store.sql.versions import ids_of_versions

_LOOKED_AT: Final = 5
"""Versions before, the newest first, of which the file may be a part."""
_AT_ONCE: Final = 10  # plans, of megabytes


class Merged(NamedTuple):
    """What `Delivery.merged` notes."""

    before: str
    """The id of the version in which the records were put, which may itself be merged."""
    replaced: int
    kept: int
    """Records that were taken over unchanged."""
    sha256: str
    """Of the whole as it is kept."""


def merge_part(delivery: Delivery, lease: HeldLease) -> None:
    """Put a file that is a part in the version before it, once. Who said that the file is complete gets it as it is.

    Raises OSError, and FileChanged where the delivered file is not what was received.
    """
    if delivery.merged or delivery.complete or delivery.kind != Delivery.FILE or not delivery.corrects:
        return
    layout = find.layout(delivery.layout)
    with delivered_files.in_memory(delivery.file_key, delivery.sha256) as path:
        file, part, _ = read_file(path, layout, delivery.file_name)
    if part is None or not part.rows:
        return
    for before in islice(versions_before(delivery), _LOOKED_AT):
        if before.counts.get("records", 0) <= part.records or not may_take_over(delivery, before):
            continue
        if not (table := _kept_table(before)):
            continue
        replaced = replaced_rows(part, table, [rows_to_correct(one) for one in _with_same_rows(before)], layout)
        if not replaced or _is_passed(before, delivery, keys_kept(table, replaced, layout)):
            continue
        if holds_bsn(check_table(file, part, layout)):
            return  # among all the numbers of the whole they could go unnoticed
        whole = put_in(part, table, replaced)
        merged = Merged(str(before.pk), len(replaced), table.records - len(replaced), _keep(delivery, whole))
        _save_merged(delivery, lease, merged, file.format or "")
        return
    # One may be left of a process that was killed when the file could still be merged.
    delivered_files.kept(whole_file_key(delivery)).delete()


def _is_passed(before: Delivery, delivery: Delivery, kept: Mapping[Kind, Set[Key]]) -> bool:
    """Whether a newer file that is in live, or waits to be, names somebody whose older values would be taken over."""
    newer = Delivery.objects.filter(customer=before.customer_id, kind=Delivery.FILE, number__gt=before.number)
    newer = newer.filter(state__in=(*AWAITING_DECISION, *APPROVED_OR_BEYOND)).exclude(pk__in=ids_of_versions(delivery))
    made = Plan.objects.filter(delivery__in=newer, environment__name=Environment.LIVE, values_removed_at=None)
    for plan in made.only("basis").order_by("-made_at").iterator(_AT_ONCE):
        basis = plans.basis_of(plan)
        if any((source, one) in kept[kind] for kind in kept for (source, one), _, _ in basis[kind]):
            return True
    return False


def _kept_table(before: Delivery) -> Table | None:
    """The cells of a version before; None where its file is kept no longer."""
    if not before.file_removed_at:
        with suppress(FileMissing, FileChanged):
            return table_of(before)
    return None


def _with_same_rows(before: Delivery) -> Iterator[Delivery]:
    """A version, and those in which its records were put: their rows have the same numbers."""
    one: Delivery | None = before
    while one:
        yield one
        one = Delivery.objects.filter(pk=one.merged["before"]).first() if one.merged else None


def _keep(delivery: Delivery, whole: Table) -> str:
    content = json.dumps(as_document(whole), separators=(",", ":")).encode("ascii")
    return delivered_files.keep(io.BytesIO(content), whole_file_key(delivery), delivery.customer_id).sha256


def _save_merged(delivery: Delivery, lease: HeldLease, merged: Merged, file_format: str) -> None:
    with lease.transaction():
        delivery.merged, delivery.file_format = merged._asdict(), file_format
        delivery.kept_bytes = delivery.bytes + kept_reports.bytes_of(delivery.file_key)
        delivery.save(update_fields=["merged", "file_format", "kept_bytes"])
        audit.record(delivery, "merged", before=merged.before, replaced=merged.replaced, kept=merged.kept)
