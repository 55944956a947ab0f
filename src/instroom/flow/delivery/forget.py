"""The file of a delivery goes, and the reports that were made of it. Its name, hash and counts stay.

It is declared gone first, in the transaction of what it goes for: from then on nothing reads it. Then it is deleted, at
once, or in a later round where a report is being made or a process was killed in between.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from instroom.flow.delivery.states import ENDED
from instroom.flow.passing_by import PassedBy
from instroom.flow.retention import retention_of
from instroom.store.files import delivered_files, kept_reports
from instroom.store.files.delete_content import delete_content
from instroom.store.files.site_store import upload_folder
from instroom.store.files.uploads import AccountFolders
from instroom.store.leases import held, reports_of
from instroom.store.models import AskedReport, Delivery
from instroom.store.states import State

_passed_by = PassedBy[UUID]("the file of delivery")
BSN: Final = "bsn"
"""The reason of a delivery that was rejected for citizen service numbers."""


def held_bsn(delivery: Delivery) -> bool:
    """Whether its file held citizen service numbers, so that nothing of it is kept (product.md G4)."""
    return delivery.state == State.REJECTED and delivery.reason == BSN  # a refusal has a reason of a person


def forget_file(delivery: Delivery) -> None:
    """Declare the file gone, in the caller's transaction, and delete it when that has ended well. Doing it again
    changes nothing."""
    if delivery.file_key and delivery.file_removed_at is None:
        delivery.file_removed_at = timezone.now()
        delivery.save(update_fields=["file_removed_at"])
        AskedReport.objects.filter(delivery=delivery).delete()
        transaction.on_commit(lambda: _delete(delivery), robust=True)


def kept_until(delivery: Delivery) -> datetime | None:
    """Until when the file is there; None while it is on its way, where it has gone, and of an undo."""
    if not delivery.file_key or delivery.file_removed_at or delivery.state not in ENDED or not delivery.finished_at:
        return None
    return delivery.finished_at + timedelta(days=retention_of(delivery.customer).keep_files_days)


def delete_forgotten() -> int:
    """Delete the files that are declared gone and are still there. Gives how many."""
    count = 0
    gone = Delivery.objects.filter(file_removed_at__isnull=False, kept_bytes__gt=0)
    for delivery in gone.exclude(pk__in=_passed_by.now()):
        with _passed_by.where_it_breaks(delivery.pk):
            count += _delete(delivery)
    return count


def _delete(delivery: Delivery) -> bool:
    """False where a report of the customer is being made, which may be one of this file."""
    with held(reports_of(delivery.customer_id)) as lease:
        if lease:
            delivered_files.kept(delivery.file_key).delete()
            kept_reports.delete(delivery.file_key, "*")
            if held_bsn(delivery) and delivery.account_id:
                folders = AccountFolders(upload_folder(), delivery.account_id.hex)
                delete_content(folders.folder, delivery.bytes, delivery.sha256)
            kept_reports.delete_drafts(delivery.file_key)
            Delivery.objects.filter(pk=delivery.pk).update(kept_bytes=0)
    return lease is not None
