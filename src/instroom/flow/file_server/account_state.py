"""The state of a file server account: last sign-in, last file, bans (product.md F2)."""

from typing import Any, NamedTuple

from instroom.flow.file_server.account_bans import bans_of
from instroom.flow.file_server.tls_resumption import must_resume
from instroom.flow.throttle import Ban
from instroom.flow.two_persons import managers_of
from instroom.store.models import Connection, Delivery, FileAccount, User


class AccountState(NamedTuple):
    """An account with its bans, connections and last delivery."""

    account: FileAccount
    bans: list[Ban]
    connections: list[Connection]
    """The connections that it delivers for, by name."""
    last: Delivery | None
    """Its last delivery."""
    managers: list[User]
    """Who counts as the maker of what it delivers (`flow.two_persons`)."""


def state_of(account: FileAccount) -> AccountState:
    last = Delivery.objects.filter(account=account).order_by("-number").first()
    return AccountState(
        account, bans_of(account), list(account.connections.order_by("name")), last, managers_of(account)
    )


def document(state: AccountState) -> dict[str, Any]:
    """The document of the API and the command line."""
    account, last = state.account, state.last
    return {
        "name": account.name,
        "plain_ftp": account.plain_ftp,
        "allow_missing_close_notify": account.allow_missing_close_notify,
        "tls_resumption": account.tls_resumption,
        "tls_resumption_required": must_resume(account) > 0,
        "tls_resumed": account.tls_resumed,
        "tls_not_resumed": account.tls_not_resumed,
        "active": account.active,
        "sources": account.sources,
        "contact": account.contact.username if account.contact else None,
        "counts_as": [one.username for one in state.managers],
        "last_seen_at": account.last_seen_at.isoformat() if account.last_seen_at else None,
        "last_file_at": last.received_at.isoformat() if last else None,
        "last": str(last.pk) if last else None,
        "banned_until": state.bans[0].until.isoformat() if state.bans else None,
        "connections": [one.name for one in state.connections],
    }
