"""A supplier says that a version is complete: one that is held for having fewer records than the one before, or one
that was put in the version before it."""

from django.db import transaction

from instroom.core.errors import NotAllowed
from instroom.flow import audit, permissions
from instroom.flow.delivery.receive import receive
from instroom.flow.delivery.reports import refuse_without_file
from instroom.flow.delivery.superseding import supersede_older
from instroom.flow.earlier_versions import SAID_COMPLETE, may_be_confirmed
from instroom.flow.news.notifications import tell
from instroom.flow.source_limits import refuse_other_sources
from instroom.store.files import delivered_files
from instroom.store.models import Delivery, User


@transaction.atomic
def confirm_complete(delivery: Delivery, *, by: User) -> None:
    """Say that a version that has fewer records than the one before is meant so. It takes the place of that one,
    and goes on waiting for an approver, who is told. Raises NotFound and NotAllowed."""
    permissions.check(by, "deliver", delivery.customer)
    refuse_other_sources(delivery, "deliver", by)
    held = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if not may_be_confirmed(held):
        raise NotAllowed("not-held-for-fewer")
    held.complete, held.reason = True, SAID_COMPLETE
    held.save(update_fields=["complete", "reason"])
    audit.record(held, "said-complete", by)
    supersede_older(held)
    tell(held)
    delivery.refresh_from_db()


def deliver_alone(delivery: Delivery, *, by: User) -> Delivery:
    """Deliver the file of a merged version again, as the next one with these records alone. Raises what `receive` does,
    NotFound where the file is kept no longer, and FileChanged."""
    permissions.check(by, "deliver", delivery.customer)
    if not delivery.merged:
        raise NotAllowed("not-merged")
    refuse_without_file(delivery)
    with delivered_files.in_memory(delivery.file_key, delivery.sha256) as path:
        return receive(path, delivery.customer, by=by, name=delivery.file_name, corrects=delivery, complete=True)
