"""Whether a program that has signed in at the file server may go on (product.md F2).

An account that is switched off, removed or given another password, or whose customer moves to another site, ends its
open sessions; one that has to use TLS from now on ends those without.
"""

from collections.abc import Collection
from uuid import UUID

from instroom.flow.file_server.account_sign_in import SignedIn, password_stamp
from instroom.store.models import FileAccount


def still_valid(signed_in: Collection[SignedIn]) -> set[SignedIn]:
    """Those of these sessions that may go on, by one query."""
    accounts = FileAccount.objects.filter(pk__in={UUID(one.id) for one in signed_in}).select_related("customer")
    by_id = {account.pk.hex: account for account in accounts}
    return {one for one in signed_in if one.id in by_id and is_valid(one, by_id[one.id])}


def is_valid(signed_in: SignedIn, account: FileAccount) -> bool:
    may_come = account.active and (signed_in.tls or account.plain_ftp)
    may_come = may_come and account.removed_at is None and account.customer.move is None
    return may_come and signed_in.stamp == password_stamp(account)
