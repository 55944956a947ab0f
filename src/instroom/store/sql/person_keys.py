"""A key for each person: what plans do to a dossier is encrypted with it, so that erasing the key erases it everywhere
(product.md G3)."""

import os
from collections.abc import Collection
from hashlib import blake2b
from typing import Final, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection

from instroom.core.keys import Key
from instroom.store import data_keys
from instroom.store.ids import new_ids
from instroom.store.models import PersonKey
from instroom.store.sql import statements

_KEY: Final = 32


class PersonCipher(NamedTuple):
    """The key of a person, ready for use."""

    id: str
    cipher: AESGCM


Ciphers = dict[Key, PersonCipher]


def ciphers(customer: UUID, persons: Collection[Key]) -> Ciphers:
    """The keys of these persons; who has none yet gets one, in the caller's transaction."""
    if not persons:
        return {}
    secret = data_keys.lookup_key(customer)
    wanted = {lookup(secret, one): one for one in persons}
    found = _stored(customer, wanted)
    if missing := sorted(wanted.keys() - found.keys()):  # in one order, or two processes could wait for each other
        found |= _add(customer, missing)
    return {person: found[one] for one, person in wanted.items()}


def forget(customer: UUID, person: Key) -> bool:
    """Erase all that is encrypted with the key of this person. False where there is none."""
    known = PersonKey.objects.filter(customer=customer, lookup=lookup(data_keys.lookup_key(customer), person))
    return known.delete()[0] > 0


def lookup(secret: bytes, person: Key) -> str:
    """By what the key of a person is found: it says nothing to who lacks the customer's lookup key."""
    return blake2b("\0".join(person).encode(), key=secret, digest_size=16).hexdigest()


def wrapped(ids: Collection[str]) -> dict[str, bytes]:
    """Keys as they are stored, by id; those that are erased are not among them."""
    rows = statements.fetch_by("store_personkey", (statements.as_id("d.id"), "d.wrapped"), "id", list(ids))
    return {key_id: bytes(key) for key_id, key in rows}


def cipher(wrapped: bytes | memoryview) -> AESGCM:
    """A key as it is stored, ready for use. Raises SealBroken."""
    return AESGCM(data_keys.unseal(wrapped))


def _stored(customer: UUID, lookups: Collection[str]) -> dict[str, PersonCipher]:
    columns = ("d.lookup", statements.as_id("d.id"), "d.wrapped")
    rows = statements.fetch_by("store_personkey", columns, "lookup", list(lookups), "d.customer_id = %s", customer.hex)
    return {one: PersonCipher(key_id, cipher(wrapped)) for one, key_id, wrapped in rows}


def _add(customer: UUID, lookups: Collection[str]) -> dict[str, PersonCipher]:
    """Another process may add the same ones at this moment: the first one's stay."""
    key, keys = data_keys.current(customer), [os.urandom(_KEY) for _ in lookups]
    ids = new_ids(len(lookups))
    rows = [(id_, customer.hex, one, key.seal(new)) for id_, one, new in zip(ids, lookups, keys, strict=True)]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(
                "INSERT OR IGNORE INTO store_personkey (id, customer_id, lookup, wrapped) VALUES (%s, %s, %s, %s)", rows
            )
        else:
            cursor.execute(
                "INSERT INTO store_personkey (id, customer_id, lookup, wrapped)"
                " SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::bytea[]) ON CONFLICT DO NOTHING",
                [list(column) for column in zip(*rows, strict=True)],
            )
        if cursor.rowcount < len(rows):
            return _stored(customer, lookups)
    return {one: PersonCipher(id_, AESGCM(new)) for id_, one, new in zip(ids, lookups, keys, strict=True)}
