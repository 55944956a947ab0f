"""Bans after failed sign-ins at the file server, as the operator of an account sees and lifts them (product.md F2)."""

from django.db import transaction

from instroom.flow import audit, permissions, throttle
from instroom.flow.throttle import Ban
from instroom.store.models import FileAccount, User


def bans_of(account: FileAccount) -> list[Ban]:
    """The current bans of this account, one per address, the longest first.

    A ban without an address applies everywhere but to addresses from which the account has signed in before. A program
    that still tries the name before it was renamed bans its own address.
    """
    found = [ban for name in _names(account) for ban in throttle.bans(throttle.FILE_SERVER, name)]
    longest = {ban.address: ban for ban in sorted(found)}
    return sorted(longest.values(), reverse=True)


@transaction.atomic
def lift_bans(account: FileAccount, *, by: User) -> int:
    """Reset all counters of this account. Returns how many there were. Raises NotFound and NotAllowed."""
    permissions.check(by, "configure", account.customer)
    lifted = sum(throttle.lift(throttle.FILE_SERVER, name) for name in _names(account))
    if lifted:
        audit.note(account.customer, "account-bans-lifted", by, account=account.name)
    return lifted


def _names(account: FileAccount) -> list[str]:
    return [name for name in (account.name, account.former_name) if name]
