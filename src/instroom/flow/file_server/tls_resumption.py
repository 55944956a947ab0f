"""Whether the data connections of an account must resume the TLS session of their control connection.

Only the program that signed in can resume it, so nobody else on its address can take a data connection. Not all
programs do it, and with TLS 1.3 some do it once per session (pure-ftpd #191, curl #4654). So it is learned: once so
many data connections in a row have resumed, as many in a session must as have been seen to.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

from django.db import transaction

from instroom.store.models import FileAccount

CHOICES: Final = ("learned", "always", "never")
STRICTEST_FIRST: Final = ("always", "learned", "never")
LEARNED_AFTER: Final = 20
"""Data connections in a row."""
_ALL: Final = 1 << 31


class DataHandshake(NamedTuple):
    """A data connection over TLS that was accepted."""

    account: str
    number: int
    """In its session; the first is 1."""
    resumed: bool


def must_resume(account: FileAccount) -> int:
    """How many data connections of a session, counted from the first, must resume."""
    if account.tls_resumption == "learned":
        return account.tls_resumed_depth if account.tls_resumed_in_row >= LEARNED_AFTER else 0
    return _ALL if account.tls_resumption == "always" else 0


def record(handshakes: Sequence[DataHandshake]) -> None:
    """Count data connections, in the order in which they came."""
    for account_id in {one.account for one in handshakes}:
        _record(account_id, [one for one in handshakes if one.account == account_id])


@transaction.atomic
def _record(account_id: str, handshakes: list[DataHandshake]) -> None:
    account = FileAccount.objects.select_for_update(of=("self",)).filter(pk=UUID(account_id)).first()
    if account is None:
        return
    for one in handshakes:
        if one.resumed:
            account.tls_resumed += 1
            account.tls_resumed_in_row += 1
            account.tls_resumed_depth = max(account.tls_resumed_depth, one.number)
        else:
            account.tls_not_resumed += 1
            if not must_resume(account):  # else it came behind those that must, which says nothing about them
                account.tls_resumed_in_row = account.tls_resumed_depth = 0
    fields = ["tls_resumed", "tls_not_resumed", "tls_resumed_in_row", "tls_resumed_depth"]
    account.save(update_fields=fields)
