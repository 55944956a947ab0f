"""Data keys: what a customer delivers is encrypted under a key of its own (product.md G3, envelope encryption).

The site's secret key wraps each data key; the data key encrypts the data (AES-256-GCM). A sealed text begins with the
id of its key, so that older ones are read while `instroom keys rotate` replaces them.
"""

import os
import secrets
from contextlib import suppress
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from instroom.store.sealing import SealBroken, no_key_opens, site_keys

NONCE: Final = 12
"""Bytes."""
_ID: Final = 8
_BEGIN: Final = b"\x01"
_HEAD: Final = len(_BEGIN) + _ID
_KEY: Final = 32
_PURPOSE: Final = "data-key"


DATA: Final = "data"
LOOKUP: Final = "lookup"


class _Row(NamedTuple):
    """A stored key, or enough of its model."""

    pk: int
    wrapped: bytes


class DataKey(NamedTuple):
    """A key that can be used."""

    id: int
    cipher: AESGCM

    @property
    def id_bytes(self) -> bytes:
        """Stands before what it sealed."""
        return self.id.to_bytes(_ID)

    def seal(self, plain: bytes, about: bytes = b"") -> bytes:
        """Encrypted, behind the id of the key. It opens only with the same `about`, such as the id of its row."""
        head = _BEGIN + self.id_bytes
        return head + encrypt(self.cipher, plain, head + about)


def seal(customer: UUID | None, plain: bytes, about: bytes = b"") -> bytes:
    """Encrypt with the current key of a customer; None: of the site."""
    return current(customer).seal(plain, about)


def unseal(sealed: bytes | memoryview, about: bytes = b"") -> bytes:
    """Decrypt what was sealed by any key. Raises SealBroken."""
    sealed = bytes(sealed)
    head = sealed[:_HEAD]
    if head[:1] != _BEGIN:
        raise SealBroken("version")
    return decrypt(by_id(int.from_bytes(head[1:])).cipher, sealed[_HEAD:], head + about)


def encrypt(cipher: AESGCM, plain: bytes, about: bytes) -> bytes:
    """Behind a nonce of its own."""
    nonce = os.urandom(NONCE)
    return nonce + cipher.encrypt(nonce, plain, about)


def decrypt(cipher: AESGCM, encrypted: bytes, about: bytes) -> bytes:
    """What `encrypt` returned. Raises SealBroken."""
    try:
        return cipher.decrypt(encrypted[:NONCE], encrypted[NONCE:], about)
    except (InvalidTag, ValueError) as error:
        raise SealBroken(_PURPOSE) from error


def current(customer: UUID | None) -> DataKey:
    """The key for what is new, created at its first use, in the caller's transaction."""
    return _usable(_row(customer, DATA))


@cache
def by_id(key_id: int) -> DataKey:
    """Raises SealBroken if it is gone: so is what it sealed."""
    row = _rows().filter(pk=key_id).first()
    if row is None:
        raise SealBroken("key-gone")
    return _usable(row)


def lookup_key(customer: UUID | None) -> bytes:
    """For keyed hashes by which something is found again that may not be stored. It is never replaced."""
    row = _row(customer, LOOKUP)
    return unwrap(row.pk, row.wrapped)


def replace(customer: UUID | None) -> None:
    """A new key writes from now on; the one before still reads. Call it in a transaction."""
    _rows().filter(customer=customer, purpose=DATA, replaced_at=None).update(replaced_at=timezone.now())
    _make(customer, DATA)


def rewrap_all() -> None:
    """Wrap every key by the first of the site's secret keys."""
    for row in _rows().all():
        _rows().filter(pk=row.pk).update(wrapped=wrap(row.pk, unwrap(row.pk, row.wrapped)))


def _rows() -> Any:
    """Of `models.DataKey`; looked up, as models have fields that are sealed with it."""
    return apps.get_model("store", "DataKey")._default_manager


def _row(customer: UUID | None, purpose: str) -> "_Row":
    if row := _present(customer, purpose):
        return row
    try:
        with transaction.atomic():
            return _make(customer, purpose)
    except IntegrityError:  # another process was first
        if row := _present(customer, purpose):
            return row
        raise


def _present(customer: UUID | None, purpose: str) -> "_Row | None":
    """In plain SQL, since each step asks several times: the ORM takes longer to write the query than it takes."""
    whose, values = ("= %s", [customer.hex]) if customer else ("IS NULL", [])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, wrapped FROM store_datakey WHERE customer_id {whose} AND purpose = %s"  # noqa: S608 (our words)
            " AND replaced_at IS NULL",
            [*values, purpose],
        )
        row = cursor.fetchone()
    return _Row(*row) if row else None


def _make(customer: UUID | None, purpose: str) -> "_Row":
    key_id = secrets.randbits(63)
    row = _Row(key_id, wrap(key_id, os.urandom(_KEY)))
    at = timezone.now()
    _rows().create(id=key_id, customer_id=customer, purpose=purpose, wrapped=row.wrapped, made_at=at)
    return row


def _usable(row: Any) -> DataKey:
    return DataKey(row.pk, AESGCM(unwrap(row.pk, row.wrapped)))


def wrap(key_id: int, key: bytes) -> bytes:
    """A data key as it is stored: encrypted by the first of the site's secret keys."""
    return encrypt(AESGCM(site_keys(_PURPOSE)[0]), key, key_id.to_bytes(_ID))


def unwrap(key_id: int, wrapped: bytes | memoryview) -> bytes:
    """Raises SettingsError where none of the site's secret keys opens it."""
    for site_key in site_keys(_PURPOSE):
        with suppress(SealBroken):
            return decrypt(AESGCM(site_key), bytes(wrapped), key_id.to_bytes(_ID))
    raise no_key_opens()
