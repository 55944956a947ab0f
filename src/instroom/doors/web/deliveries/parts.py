"""What a version is beside the one before it, and what its supplier can do about that."""

from typing import Any

from instroom.doors.web.frame.access import Visit
from instroom.doors.web.frame.language import current
from instroom.flow.earlier_versions import fewer_than_before, may_be_confirmed, part_lines
from instroom.store.models import Delivery


def part_context(visit: Visit, delivery: Delivery, can_be_corrected: bool) -> dict[str, Any]:
    """For `_parts.html`."""
    may_deliver = "deliver" in visit.actions
    is_kept = can_be_corrected and not delivery.file_removed_at
    return {
        "part_lines": part_lines(delivery, current()),
        "fewer_records": fewer_than_before(delivery),
        "may_confirm": may_deliver and may_be_confirmed(delivery),
        "may_deliver_alone": may_deliver and is_kept and bool(delivery.merged),
    }
