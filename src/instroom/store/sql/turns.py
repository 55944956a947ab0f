"""Which customers are to have a turn.

One statement, in which what is due is found first, by its indexes. Left to itself, the planner of PostgreSQL walks all
deliveries, or the leases once for each customer, where its statistics are those of an hour at which nothing was due.
That something is due at all is asked apart: else a merge join reads a lease before it finds that nothing is.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from instroom.store.states import State

_NOW = {"sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')", "postgresql": "statement_timestamp()"}


def customers_in_turn(at_work: Sequence[State], most: int) -> list[UUID]:
    """Customers with something due at which nobody is: where a person waits for a plan or a refresh of training, and
    then those that were served longest ago. `at_work` are the states with which the worker continues at once.

    Some may have nothing due after all: a delivery that waits for one before it.
    """
    now = _NOW[connection.vendor]
    query = f"""
        WITH due AS MATERIALIZED (
            SELECT customer_id, 1 AS rank FROM store_delivery
            WHERE state IN ({", ".join(["%s"] * len(at_work))}) AND waits_for = ''
                AND (try_again_at IS NULL OR try_again_at <= {now})
            UNION SELECT customer_id, 1 FROM store_delivery
            WHERE state = %s AND due_at <= {now} AND (try_again_at IS NULL OR try_again_at <= {now})
            UNION SELECT customer_id, 0 FROM store_delivery WHERE plan_asked_at IS NOT NULL
            UNION SELECT customer_id, 0 FROM store_environment WHERE refresh_asked_at IS NOT NULL
        )
        SELECT due.customer_id FROM due LEFT JOIN store_lease AS lease ON lease.subject = due.customer_id
        WHERE (lease.subject IS NULL OR lease.holder = '' OR lease.until < {now})
            AND due.customer_id NOT IN (SELECT id FROM store_customer WHERE move IS NOT NULL)
            AND EXISTS (SELECT 1 FROM due)
        GROUP BY due.customer_id, lease.taken_at ORDER BY min(due.rank), lease.taken_at NULLS FIRST LIMIT %s"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(query, [*at_work, State.SCHEDULED, most])
        return [one if isinstance(one, UUID) else UUID(one) for (one,) in cursor.fetchall()]
