"""The versions of a delivery: a file, its corrected file, and so on."""

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
