"""How an account of the file server is: when it came, what it brought, and whether it is let in (product.md F2)."""

from typing import Any, NamedTuple

from instroom.flow.file_server.account_bans import bans_of
from instroom.flow.throttle import Ban
from instroom.store.models import Connection, Delivery, FileAccount


class Standing(NamedTuple):
    """An account as it is now."""

    account: FileAccount
    bans: list[Ban]
    connections: list[Connection]
    """Those whose file it brings, by name."""
    last: Delivery | None
    """The last file that it brought."""


def standing_of(account: FileAccount) -> Standing:
    """How an account is at this moment."""
    last = Delivery.objects.filter(account=account).defer("findings").order_by("-pk").first()
    return Standing(account, bans_of(account), list(account.connections.order_by("name")), last)


def document(standing: Standing) -> dict[str, Any]:
    """As programs see it."""
    account, last = standing.account, standing.last
    return {
        "name": account.name,
        "plain_ftp": account.plain_ftp,
        "allow_missing_close_notify": account.allow_missing_close_notify,
        "active": account.active,
        "last_seen_at": account.last_seen_at.isoformat() if account.last_seen_at else None,
        "last_file_at": last.received_at.isoformat() if last else None,
        "last": str(last.pk) if last else None,
        "banned_until": standing.bans[0].until.isoformat() if standing.bans else None,
        "connections": [one.name for one in standing.connections],
    }
