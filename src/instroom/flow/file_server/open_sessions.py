"""Whether a program that has signed in at the file server may go on (product.md F2).

An account that is switched off, removed or given another password ends its open sessions, and one that has to use TLS
from now on ends those without.
"""

from collections.abc import Collection
from uuid import UUID

from instroom.flow.file_server.account_sign_in import Sight, password_stamp
from instroom.store.models import FileAccount


def standing(sights: Collection[Sight]) -> set[Sight]:
    """Those of these sessions that may go on: one query, however many there are."""
    accounts = FileAccount.objects.filter(pk__in={UUID(sight.id) for sight in sights})
    by_id = {account.pk.hex: account for account in accounts}
    return {sight for sight in sights if sight.id in by_id and stands(sight, by_id[sight.id])}


def stands(sight: Sight, account: FileAccount) -> bool:
    may_come = account.active and (sight.tls or account.plain_ftp)
    return may_come and account.removed_at is None and sight.stamp == password_stamp(account)
