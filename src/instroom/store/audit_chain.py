"""The chain of the audit log: each entry has a number and a hash, which counts in the hash of the entry before it.

There is a chain for each customer, and one for what is no customer's. Entries get their place in the last step of
their transaction: whoever waits for a chain then waits for nothing else, and holds it for a moment only. Why, and what
this does and does not prove: docs/adr/0041-the-audit-log-is-a-chain.md.
"""

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from instroom.core.errors import CustomerMoving
from instroom.store.sealing import SealBroken, seal, unseal

if TYPE_CHECKING:  # the database's engine is loaded before the models
    from instroom.store.models import AuditEntry

SITE: Final = uuid.UUID(int=0)
"""The chain of entries that are no customer's."""
_PURPOSE: Final = "audit-head"


@dataclass(frozen=True)
class _Waiting:
    """An entry that gets its place when its transaction is committed; forgotten with a savepoint that is undone."""

    entry: "AuditEntry"

    def __call__(self) -> None:
        """Nothing is left to do after the commit."""


class ChainsAtCommit(BaseDatabaseWrapper):
    """A connection that gives waiting entries their place before it commits."""

    def commit(self) -> None:
        """Nothing is committed where that fails."""
        if waiting := [one.entry for _, one, *_ in self.run_on_commit if isinstance(one, _Waiting)]:
            try:
                if self.vendor == "postgresql":  # whatever waits for rows of others must do so before it has a chain
                    with self.cursor() as cursor:
                        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                append(waiting)
            except BaseException:
                self.rollback()
                raise
        super().commit()


@transaction.atomic(savepoint=False)
def write(entry: "AuditEntry") -> None:
    """Write an entry at the end of the transaction that is under way."""
    transaction.on_commit(_Waiting(entry))


def append(entries: Iterable["AuditEntry"]) -> None:
    """Write entries at once, at the ends of their chains: always in the same order of chains, so that nobody who waits
    for one has another that is waited for. What the transaction does after this delays others.

    Raises CustomerMoving where a chain is closed: nothing that happens to a customer who moves is committed.
    """
    for chain, some in groupby(sorted(entries, key=chain_of), chain_of):
        number, previous, is_closed = _lock_head(chain)
        if is_closed:
            raise CustomerMoving()
        for number, entry in enumerate(some, number + 1):  # noqa: B020 - it counts on
            entry.facts = json.loads(json.dumps(entry.facts))  # as they are read again
            entry.number, entry.hash = number, hash_of(content_of(entry, number, previous))
            entry.save(force_insert=True)
            previous = entry.hash
        set_head(chain, number, previous)


def content_of(entry: Any, number: int, previous: str) -> dict[str, Any]:
    """What the hash of an entry is of, as its export has it. `previous` is the hash of the entry before it, or ""."""
    return {
        "number": number,
        "previous": previous,
        "id": str(entry.pk),
        "customer": entry.customer_id and str(entry.customer_id),
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "user": entry.user_id and str(entry.user_id),
        "action": entry.action,
        "delivery": entry.delivery_id and str(entry.delivery_id),
        "facts": entry.facts,
    }


def hash_of(content: dict[str, Any]) -> str:
    """SHA-256 of it as JSON in ASCII, with its names in order and no spaces."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


def chain_of(entry: Any) -> uuid.UUID:
    """The chain in which an entry has its place."""
    return entry.customer_id or SITE


def set_closed(chain: uuid.UUID, *, closed: bool) -> None:
    """Let nothing be added to a chain, or open it again. Whoever adds to it at this moment is done first."""
    number, last, _ = _lock_head(chain)
    if number == 0:
        set_head(chain, number, last)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE store_audithead SET closed = %s WHERE chain = %s", [closed, _as_stored(chain)])


def _lock_head(chain: uuid.UUID) -> tuple[int, str, bool]:
    """The number and hash with which a chain ends, and whether it is closed; others wait until this transaction is
    done."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO store_audithead (chain, number, hash, seal) VALUES (%s, 0, '', '')"
            " ON CONFLICT (chain) DO UPDATE SET chain = excluded.chain RETURNING number, hash, closed",
            [_as_stored(chain)],
        )
        [row] = cursor.fetchall()
        return row[0], row[1], bool(row[2])


def set_head(chain: uuid.UUID, number: int, last: str) -> None:
    """Say where a chain ends, under the newest of the site's keys."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE store_audithead SET number = %s, hash = %s, seal = %s WHERE chain = %s",
            [number, last, seal(f"{chain} {number} {last}", _PURPOSE), _as_stored(chain)],
        )


def delete_until(chain: uuid.UUID, number: int) -> int:
    """Delete the entries up to a number. The database refuses unless an entry `audit-trimmed` says so."""
    customer = None if chain == SITE else _as_stored(chain)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT trim_audit_log(%s, %s)", [customer, number])
            return int(cursor.fetchall()[0][0])
        cursor.execute("DELETE FROM store_auditentry WHERE customer_id IS %s AND number <= %s", [customer, number])
        return int(cursor.rowcount)


def is_sealed(chain: uuid.UUID, number: int, last: str, sealed: str) -> bool:
    """Whether this site said that the chain ends like this."""
    try:
        return unseal(sealed, _PURPOSE) == f"{chain} {number} {last}"
    except SealBroken:
        return False


def _as_stored(chain: uuid.UUID) -> str:
    return chain.hex if connection.vendor == "sqlite" else str(chain)
