"""Bans after failed sign-ins at the file server, as the operator of an account sees and lifts them (product.md F2)."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from instroom.flow import audit, permissions
from instroom.store.models import FileAccount, SignInTrouble


class Ban(NamedTuple):
    """For now nothing is looked at."""

    until: datetime
    address: str
    """From where; "" for everywhere but where the account has been before."""


def bans_of(account: FileAccount) -> list[Ban]:
    """Those that keep a program of this account out now, one of each place, the one that lasts longest first."""
    found = _troubles(account).filter(banned_until__gt=timezone.now()).order_by("banned_until")
    latest = {_address(about): until for about, until in found.values_list("about", "banned_until") if until}
    return sorted((Ban(until, address) for address, until in latest.items()), reverse=True)


@transaction.atomic
def lift_bans(account: FileAccount, *, by: str) -> int:
    """Forget what went wrong under this account, from wherever. Gives how much was forgotten.

    Raises NotFound and NotAllowed.
    """
    user = permissions.person(by, "configure", account.customer)
    forgotten = _troubles(account).delete()[0]
    if forgotten:
        audit.note(account.customer, "account-bans-lifted", user, account=account.name)
    return forgotten


def _troubles(account: FileAccount) -> QuerySet[SignInTrouble]:
    """Of the account, of it with an address, and of the addresses where that was."""
    like = SignInTrouble.objects.filter(about__startswith="pair ", about__endswith=f" {account.name}")
    pairs = [one for one in like.values_list("about", flat=True) if one == f"pair {_address(one)} {account.name}"]
    addresses = [f"address {_address(one)}" for one in pairs]
    return SignInTrouble.objects.filter(about__in=[f"account {account.name}", *pairs, *addresses])


def _address(about: str) -> str:
    kind, _, of = about.partition(" ")
    return "" if kind == "account" else of.partition(" ")[0]
