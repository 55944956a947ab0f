"""Stores plans (product.md D1): a row with the totals, and a change row for each dossier that the plan touches."""

import uuid
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from instroom.core.fields import Kind
from instroom.core.keys import Key, key
from instroom.core.plan.frequent import frequent_values
from instroom.core.plan.guards import is_sensitive
from instroom.core.plan.model import Change, Plan
from instroom.store import data_keys, models
from instroom.store.ids import new_ids
from instroom.store.sql import person_keys, records, statements
from instroom.store.sql.person_keys import Ciphers

_CHANGE_COLUMNS = (
    "id",
    "environment_id",
    "plan_id",
    "kind",
    "dossier",
    "action",
    "link",
    "row",
    "extern_source",
    "sealed",
    "person_key_id",
    "company_before",
    "company_after",
    "sensitive",
    "changed_fields",
)


def save(
    environment: models.Environment, delivery: models.Delivery, plan: Plan, at: datetime, keys: Ciphers | None = None
) -> models.Plan:
    """Store a plan, in the caller's transaction. Replaces an earlier plan of the delivery that was not executed.
    `keys` are those of its persons, if the caller has them already."""
    delivery.plans.filter(environment=environment, state=models.Plan.PLANNED).delete()
    kept = plan.totals.get("kept")  # of an undo, with ExternIds
    own = data_keys.current(environment.customer_id)
    frequent = frequent_values(plan.changes) if environment.name == models.Environment.LIVE else []
    row = models.Plan.objects.create(
        environment=environment,
        delivery=delivery,
        digest=plan.digest,
        totals=plan.totals if kept is None else {**plan.totals, "kept": len(kept)},
        kept=kept,
        frequent=[one._asdict() for one in frequent] or None,
        basis=sealed_basis(own, _as_tuples(plan.companies), _as_tuples(plan.persons)),
        outcomes=_pack(_as_tuples(plan.outcomes)),
        made_at=at,
    )
    ids, fixed = new_ids(len(plan.changes)), (environment.id.hex, row.id.hex)
    sealed = _sealed(plan, row.id, own, keys or keys_of([plan], environment.customer_id))
    rows = (
        (change_id, *fixed, c.kind, c.dossier, c.action, c.link, c.row, c.key[0], *values,
         c.company_before, c.company_after, is_sensitive(c), _changed_fields(c))
        for change_id, c, values in zip(ids, plan.changes, sealed, strict=True)
    )  # fmt: skip
    statements.insert("store_change", _CHANGE_COLUMNS, rows)
    return row


def _changed_fields(change: Change) -> str:
    return f",{','.join(change.after)}," if change.action == "changed" else ""


def keys_of(plans: Iterable[Plan], customer: uuid.UUID) -> Ciphers:
    """The keys of the persons that these plans change, in the caller's transaction. While it lasts, no other process
    may erase one: hold the lease of the customer."""
    changed = {change.key for plan in plans for change in plan.changes if change.kind == "person"}
    return person_keys.ciphers(customer, changed)


def _sealed(
    plan: Plan, plan_id: uuid.UUID, own: data_keys.DataKey, keys: Ciphers
) -> Iterator[tuple[bytes, str | None]]:
    """The values of each change, encrypted with the key of the person or else of the customer, and the person's key.

    It asks the database for nothing: it is read while PostgreSQL takes in the rows, and would wait for ever.
    """
    about = plan_id.bytes
    for change, (before, after) in zip(plan.changes, plan.encoded, strict=True):
        text = f"{before}\n{after}\n{change.extern_id}".encode()
        if change.kind == "person":
            key_id, cipher = keys[change.key]
            yield data_keys.encrypt(cipher, text, about), key_id
        else:
            yield own.seal(text, about), None


def load_changes(plan: models.Plan) -> list[Change]:
    """The changes of a stored plan, in its order. Their version is 0: `is_stale` compares all versions at once."""
    ids = ", ".join(statements.as_id(f"c.{name}") for name in ("dossier", "company_before", "company_after"))
    query = (
        f"SELECT kind, action, link, row, extern_source, sealed, k.wrapped, {ids}"  # noqa: S608 - the names are ours, values are %s
        " FROM store_change c LEFT JOIN store_personkey k ON k.id = c.person_key_id WHERE plan_id = %s ORDER BY c.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [plan.id.hex])
        rows = cursor.fetchall()
    return [_change(plan.id, row) for row in rows]


def latest_touches(plans: Sequence[uuid.UUID]) -> list[tuple[int, str, str, str, bool]]:
    """What some executed plans, the last one first, did to each dossier: the place in `plans` of the last one that did
    it, the dossier, the action, the link, and whether it is sensitive.

    One statement by the index of the changes of a plan. It gives a row for each thing that was done to a dossier, not
    for each time.
    """
    what = f"{statements.as_id('dossier')}, action, link, sensitive"
    ids: Any = [plan.hex for plan in plans]
    if connection.vendor == "sqlite":
        ids = orjson.dumps(ids).decode()
        changes = "json_each(%s) p CROSS JOIN store_change c WHERE c.plan_id = p.value"
    else:
        changes = (
            "(SELECT id, place - 1 AS key FROM unnest(%s::uuid[]) WITH ORDINALITY AS u(id, place)) p CROSS JOIN LATERAL"
            " (SELECT * FROM store_change WHERE plan_id = p.id OFFSET 0) c"
        )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT MIN(p.key), {what} FROM {changes} GROUP BY 2, 3, 4, 5", [ids])  # noqa: S608
        return [(place, dossier, action, link, bool(flag)) for place, dossier, action, link, flag in cursor.fetchall()]


def changes_of(rows: Iterable[models.StoredChange]) -> list[Change]:
    """Rows as changes of the core."""
    listed = list(rows)
    keys = person_keys.wrapped({row.person_key_id.hex for row in listed if row.person_key_id})
    return [
        _change(row.plan_id, (row.kind, row.action, row.link, row.row, row.extern_source, row.sealed,
         keys.get(row.person_key_id.hex if row.person_key_id else ""), row.dossier.hex,
         as_hex(row.company_before), as_hex(row.company_after)))
        for row in listed
    ]  # fmt: skip


def _change(plan_id: uuid.UUID, row: tuple[Any, ...]) -> Change:
    kind, action, link, number, source, sealed, wrapped, dossier, company_before, company_after = row
    before, after, extern_id = _opened(kind, sealed, wrapped, plan_id.bytes)
    links = (company_before, company_after, None)
    return Change(kind, dossier, 0, key(source, extern_id), extern_id, action, link, number, before, after, *links)


def _opened(
    kind: Kind, sealed: bytes, wrapped: bytes | None, about: bytes
) -> tuple[dict[str, Any], dict[str, Any], str]:
    """The values of a change; none where they are removed, or the person has been erased. Raises SealBroken."""
    if not sealed or (kind == "person" and not wrapped):
        return {}, {}, ""
    if wrapped:
        text = data_keys.decrypt(person_keys.cipher(wrapped), bytes(sealed), about)
    else:
        text = data_keys.unseal(sealed, about)
    before, after, extern_id = text.decode().split("\n", 2)
    return orjson.loads(before), orjson.loads(after), extern_id


def remove_values(plan: models.Plan, at: datetime) -> int:
    """Blank the values and ExternIds in a plan's changes, in the caller's transaction. What is done to how many
    dossiers stays. Gives the number of changes."""
    plan.values_removed_at, plan.basis, plan.differences, plan.kept, plan.frequent = at, b"", b"", None, None
    plan.save(update_fields=["values_removed_at", "basis", "differences", "kept", "frequent"])
    return models.StoredChange.objects.filter(plan=plan).update(sealed=b"")


def is_stale(plan: models.Plan) -> bool:
    """Whether a dossier has changed since the plan was based on it (D5). One query for each kind and source."""
    basis = basis_of(plan)
    environment = plan.environment_id.hex
    kinds: tuple[Kind, ...] = ("company", "person")
    for kind in kinds:
        seen = {(key[0], key[1]): (dossier, version) for key, dossier, version in basis[kind]}
        current = records.versions(environment, kind, seen)
        if current != {key: value for key, value in seen.items() if value[1]}:
            return True
    return False


def outcomes(plan: models.Plan) -> list[tuple[int, str, int | None, int | None]]:
    """The outcome of each record: (row, word, index of its company, index of its person)."""
    unpacked = orjson.loads(zlib.decompress(plan.outcomes))
    return [(row, word, company, person) for row, word, company, person in unpacked]


def _pack(value: Any) -> bytes:
    return zlib.compress(orjson.dumps(value), 1)


def _as_tuples(records: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Named tuples as plain ones: orjson would look up the type of each (measured: 4 ms for 10,000)."""
    return list(map(tuple, records))


def sealed_basis(own: data_keys.DataKey, companies: Sequence[Any], persons: Sequence[Any]) -> bytes:
    """`Plan.basis`: the key, the id and the version of each dossier on which a plan is based."""
    return own.seal(_pack({"company": companies, "person": persons}))


def basis_of(plan: models.Plan) -> dict[Kind, list[tuple[Key, str, int]]]:
    """The key, the id and the version of each dossier on which a plan was based; version 0: it did not exist."""
    basis: dict[Kind, list[tuple[Key, str, int]]] = orjson.loads(zlib.decompress(data_keys.unseal(plan.basis)))
    return basis


def as_hex(value: uuid.UUID | None) -> str | None:
    """An id as the core writes it: 32 hexadecimal digits."""
    return value.hex if value else None
