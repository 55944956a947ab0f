"""Bans after failed sign-ins at the file server, as the operator of an account sees and lifts them (product.md F2)."""

from django.db import transaction

from instroom.flow import audit, permissions, throttle
from instroom.flow.throttle import Ban
from instroom.store.models import FileAccount


def bans_of(account: FileAccount) -> list[Ban]:
    """The current bans of this account, one per address, the longest first.

    A ban without an address applies everywhere but to addresses from which the account has signed in before.
    """
    return throttle.bans(throttle.FILE_SERVER, account.name)


@transaction.atomic
def lift_bans(account: FileAccount, *, by: str) -> int:
    """Reset all counters of this account. Returns how many there were. Raises NotFound and NotAllowed."""
    user = permissions.person(by, "configure", account.customer)
    lifted = throttle.lift(throttle.FILE_SERVER, account.name)
    if lifted:
        audit.note(account.customer, "account-bans-lifted", user, account=account.name)
    return lifted
