"""The versions of a delivery: a file, its corrected file, and so on."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from instroom.store.models import Delivery
from instroom.store.sql import statements


def ids_of_versions(delivery: Delivery) -> list[str]:
    """Ids of all versions of a delivery, itself included. One statement for the whole chain."""
    query = f"""
        WITH RECURSIVE before(id, corrects_id) AS (
            SELECT id, corrects_id FROM store_delivery WHERE id = %s
            UNION SELECT d.id, d.corrects_id FROM store_delivery d JOIN before ON d.id = before.corrects_id
        ), versions(id) AS (
            SELECT id FROM before UNION SELECT d.id FROM store_delivery d JOIN versions ON d.corrects_id = versions.id
        )
        SELECT {statements.as_id("id")} FROM versions"""  # noqa: S608 - no value is in it
    with connection.cursor() as cursor:
        cursor.execute(query, [delivery.pk.hex])
        return [row[0] for row in cursor.fetchall()]


def earlier_versions(of: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The ids of the versions before each of some deliveries. One statement for all."""
    if not of:
        return {}
    query = f"""
        WITH RECURSIVE earlier(head, id, corrects_id) AS (
            SELECT id, id, corrects_id FROM store_delivery WHERE id IN ({", ".join(["%s"] * len(of))})
            UNION SELECT e.head, d.id, d.corrects_id FROM store_delivery d JOIN earlier e ON d.id = e.corrects_id
        )
        SELECT {statements.as_id("head")}, {statements.as_id("id")} FROM earlier WHERE id <> head"""  # noqa: S608
    found: dict[UUID, list[UUID]] = {}
    with connection.cursor() as cursor:
        cursor.execute(query, [one.hex for one in of])
        for head, earlier in cursor.fetchall():
            found.setdefault(UUID(head), []).append(UUID(earlier))
    return found
