"""Of accounts of the file server: those that are closed for a while, and those whose uploads or sign-ins fail."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from instroom.flow import throttle
from instroom.flow.file_server.failed_attempts import TOLD_AT, UPLOAD_CAUSES
from instroom.flow.queries.to_do.thing import MOST, WHOSE, Kind, Thing, Whose, path_of
from instroom.store.models import Customer, FailedAttempt, FileAccount, KnownAddress


def of_file_accounts(customers: QuerySet[Customer]) -> Iterator[Thing]:
    """One for each account: it is closed because its sign-ins fail."""
    accounts = FileAccount.objects.filter(customer__in=customers)
    closed = {thing.about: thing for thing in _closed(accounts)}  # names are unique over all customers
    yield from closed.values()
    yield from (thing for thing in _failing(accounts) if thing.about not in closed)


def _closed(accounts: QuerySet[FileAccount]) -> Iterator[Thing]:
    """Where its own program is kept out: everywhere, or at an address from which it has signed in before. Whoever
    guesses at an account is kept out elsewhere, and that asks nothing of anybody."""
    found = accounts.only("name", "former_name", "last_seen_at", "customer").select_related("customer")

    def names() -> Iterator[str]:  # a generator expression would ask for the accounts at once
        for one in found:
            yield from filter(None, (one.name, one.former_name))

    bans = throttle.bans_of_names(throttle.FILE_SERVER, names())
    banned = [one for one in found if one.name in bans or one.former_name in bans] if bans else []
    known = _known_networks(banned)
    for one in banned:
        kept_out = [*bans.get(one.name, ()), *bans.get(one.former_name, ())]
        own = [ban for ban in kept_out if not ban.address or ban.address in known[one.pk] or not one.last_seen_at]
        if own:
            path = path_of(one.customer.name, "accounts", f"{one.name}#bans")
            facts = {"until": timezone.localtime(max(own).until)}
            yield Thing(Kind.ACCOUNT_CLOSED, Whose(one.customer.name, one.customer.title), one.name, None, path, facts)


def _known_networks(accounts: Sequence[FileAccount]) -> dict[UUID, set[str]]:
    known: dict[UUID, set[str]] = {one.pk: set() for one in accounts}
    if accounts:
        for pk, address in KnownAddress.objects.filter(account__in=accounts).values_list("account", "address"):
            known[pk].add(throttle.network_of(address))
    return known


def _failing(accounts: QuerySet[FileAccount]) -> Iterator[Thing]:
    """Since its last upload: one failed upload, or as many sign-ins as operators get a mail of."""
    attempts = FailedAttempt.objects.filter(account=OuterRef("pk")).order_by("-at")
    latest = {name: Subquery(attempts.values(name)[:1]) for name in ("cause", "at")}
    upload = Exists(attempts.filter(cause__in=UPLOAD_CAUSES))
    found = accounts.filter(Q(upload) | Q(failed_in_row__gte=TOLD_AT), failed_in_row__gt=0).annotate(**latest)
    for name, cause, since, times, *whose in found.values_list("name", "cause", "at", "failed_in_row", *WHOSE)[:MOST]:
        if cause:
            customer = Whose(*whose)
            path = path_of(customer.name, "accounts", f"{name}#failed")
            yield Thing(Kind.UPLOADS_FAIL, customer, name, since, path, {"cause": cause, "times": times})
