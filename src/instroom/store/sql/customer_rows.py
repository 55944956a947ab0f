"""Every row of one customer, table by table, as lines of JSON: what moves to another site, and goes from this one.

A row is read as it is stored. What is sealed under the customer's data keys stays so; what the site's secret key
encrypts, the data keys themselves among it, is in the clear in a line, and encrypted anew where it is inserted.
"""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import reduce
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from django.db.models import BinaryField, Expression, ExpressionWrapper, F, QuerySet

from instroom.store import data_keys
from instroom.store.models import AuditEntry, DataKey, Delivery, User, WebSession
from instroom.store.sealing import SealBroken, seal, unseal
from instroom.store.sql import statements
from instroom.store.sql.erasing import forget_words

BELONGS: Final[Mapping[str, str]] = {
    "Customer": "pk",
    "DataKey": "customer",
    "PersonKey": "customer",
    "Environment": "customer",
    "Role": "customer",
    "FileAccount": "customer",
    "AccountManager": "account__customer",
    "KnownAddress": "account__customer",
    "FailedAttempt": "account__customer",
    "Connection": "customer",
    "Delivery": "customer",
    "DeliverySource": "delivery__customer",
    "Comment": "delivery__customer",
    "ConnectionRun": "connection__customer",
    "Plan": "environment__customer",
    "StoredChange": "environment__customer",
    "KeptFindings": "delivery__customer",
    "FindingChunk": "delivery__customer",
    "AskedReport": "delivery__customer",
    "Company": "environment__customer",
    "Person": "environment__customer",
    "Category": "environment__customer",
    "Erasure": "customer",
    "Proposal": "customer",
    "Invitation": "customer",
    "ApiToken": "customer",
    "RepeatKey": "customer",
    "Mail": "customer",
    "Webhook": "customer",
    "WebhookCall": "webhook__customer",
    "WebhookAttempt": "call__webhook__customer",
    "SignInProvider": "customer",
    "LinkedIdentity": "provider__customer",
    "AuditEntry": "customer",
}
"""Model → its way to the customer, in an order in which rows name only rows before them, or of the same table."""
OF_THE_SITE: Final = frozenset(
    {
        "User",
        "RecoveryCode",
        "WebSession",
        "UsedOnce",
        "AttemptCounter",
        "AuditHead",
        "Lease",
        "Site",
        "Institute",
        "OwnLayout",
        "Heartbeat",
        "Tally",
    }
)
"""What stays. Of users those move that a row of the customer names, and a chain of the audit log gets a new end."""
_SUM: Final = 2**256
_AT_ONCE: Final = 2000  # rows

SiteSealed = Mapping[type[models.Model], Mapping[str, str]]
"""Model → column that is sealed with the site's secret key → for which purpose."""


class Digest(NamedTuple):
    """Of the rows of a table in any order: how many, and the sum of the SHA-256 of their lines."""

    rows: int = 0
    sum: int = 0

    def plus(self, line: bytes) -> "Digest":
        return Digest(self.rows + 1, (self.sum + int.from_bytes(hashlib.sha256(line).digest())) % _SUM)

    @classmethod
    def of(cls, lines: Iterable[bytes]) -> "Digest":
        return reduce(cls.plus, lines, cls())


def tables() -> list[type[models.Model]]:
    """The models of what belongs to a customer."""
    return [apps.get_model("store", name) for name in BELONGS]


def rows_of(model: type[models.Model], customer: UUID) -> QuerySet[Any]:
    return model._base_manager.filter(**{BELONGS[model.__name__]: customer})


def users_of(customer: UUID) -> QuerySet[User]:
    """Everybody whom a row of the customer names."""
    named = set[Any]()
    for model in tables():
        for field in model._meta.concrete_fields:
            if field.related_model is User:
                named.update(rows_of(model, customer).order_by().values_list(field.attname, flat=True).distinct())
    for ids in Delivery.objects.filter(customer=customer).exclude(managed_by=[]).values_list("managed_by", flat=True):
        named.update(map(UUID, ids))
    return User.objects.filter(pk__in=named)


def columns_of(model: type[models.Model]) -> list[Any]:
    """Its fields but for an id that the database itself numbers: nothing refers to those."""
    return [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]


def lines(rows: QuerySet[Any], secrets: SiteSealed) -> Iterator[bytes]:
    """Each row as a line, in order of its columns."""
    fields = columns_of(rows.model)
    chosen: list[str | Expression] = [
        ExpressionWrapper(F(field.attname), BinaryField()) if isinstance(field, BinaryField) else field.attname
        for field in fields
    ]
    sealed = secrets.get(rows.model, {})
    for row in _in_parts(rows, chosen):
        values = list(row)
        for place, field in enumerate(fields):
            if field.attname in sealed:
                values[place] = _opened(values[place], sealed[field.attname])
            elif rows.model is DataKey and field.attname == "wrapped":
                values[place] = data_keys.unwrap(row[0], row[place])
        yield json.dumps(values, default=_as_json, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def insert(model: type[models.Model], found: Iterable[bytes], secrets: SiteSealed) -> None:
    """Insert the rows of these lines, in the caller's transaction."""
    fields = columns_of(model)
    statements.insert(
        model._meta.db_table, [field.column for field in fields], (_row(model, fields, line, secrets) for line in found)
    )


def digest_of(model: type[models.Model], customer: UUID, secrets: SiteSealed) -> Digest:
    """Of what is stored now."""
    return Digest.of(lines(rows_of(model, customer), secrets))


def delete(customer: UUID) -> None:
    """Delete all but the audit log, in the caller's transaction. Who came in by its provider is signed out."""
    WebSession.objects.filter(identity__provider__customer=customer)._raw_delete(connection.alias)
    for model in reversed(tables()):
        if model is not AuditEntry:
            rows_of(model, customer)._raw_delete(connection.alias)
    forget_words()


def _in_parts(rows: QuerySet[Any], chosen: list[str | Expression]) -> Iterator[tuple[Any, ...]]:
    """Each part by a query of its own. Which rows those are is asked once: a database would look through all of a
    large customer's rows for each part."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), _AT_ONCE):
        part = rows.model._base_manager.filter(pk__in=ids[start : start + _AT_ONCE])
        yield from part.order_by("pk").values_list(*chosen)


def _row(model: type[models.Model], fields: list[Any], line: bytes, secrets: SiteSealed) -> tuple[Any, ...]:
    sealed, row = secrets.get(model, {}), []
    values = json.loads(line)
    for field, value in zip(fields, values, strict=True):
        if field.attname in sealed and value:
            value = seal(value, sealed[field.attname])
        elif model is DataKey and field.attname == "wrapped":
            value = data_keys.wrap(values[0], b64decode(value))
        elif isinstance(field, BinaryField):
            value = None if value is None else b64decode(value)
        else:
            value = field.get_db_prep_save(field.to_python(value), connection)
        row.append(value)
    return tuple(row)


def _opened(sealed: str, purpose: str) -> str:
    """Blank where no key of the site opens it: it cannot be used here either."""
    with suppress(SealBroken):
        return unseal(sealed, purpose) if sealed else ""
    return ""


def _as_json(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return b64encode(value).decode("ascii")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, UUID | date):
        return str(value)
    raise TypeError(type(value))
