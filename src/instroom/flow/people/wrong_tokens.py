"""Slows down whoever tries tokens: wrong ones are counted per address, in the audit log. A right one is never kept out,
so that nobody can lock out the programs behind the same address."""

from datetime import timedelta
from typing import Final

from django.utils import timezone

from instroom.store.models import AuditEntry

WITHIN: Final = timedelta(minutes=15)
MOST: Final = 20  # from one address
_WRONG: Final = "token-wrong"


def too_many(address: str) -> bool:
    """Whether this address has sent so many wrong tokens that it must wait; otherwise this one is counted too."""
    recent = AuditEntry.objects.filter(customer=None, action=_WRONG, at__gt=timezone.now() - WITHIN)
    if sum(facts["address"] == address for facts in recent.values_list("facts", flat=True)) >= MOST:
        return True
    AuditEntry.objects.create(at=timezone.now(), action=_WRONG, facts={"address": address})
    return False
