"""A worker with nothing to do reads nothing, however much there is: each look is at an index of what is due."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone
from tests.contracts.connection_scenario import ConnectionScenario

from instroom.flow.connections.runs import tick
from instroom.flow.delivery.advance import advance_all
from instroom.flow.delivery.reports import make_asked
from instroom.flow.mails.daily_overviews import gather_due
from instroom.flow.mails.mailing import send_due
from instroom.flow.webhooks import sending
from instroom.store.models import Delivery, Mail, Webhook, WebhookCall

MANY = 2_000
COPIES = (
    ("store_delivery", "'number', copy + 10"),
    ("store_mail", "'once', NULL"),
    ("store_mail", "'once', NULL, 'held_until', '2020-01-01', 'gathered_in_id', one.id, 'sent_at', NULL"),
    ("store_webhookcall", "'once', NULL"),
    ("store_lease", "'subject', gen_random_uuid()"),
    ("store_environment", "'name', copy"),
    ("store_connection", "'name', copy, 'file_name_key', copy"),
)
COPY = """
    INSERT INTO {0} SELECT (jsonb_populate_record(one, jsonb_build_object('id', gen_random_uuid(), {1}))).*
    FROM {0} one, generate_series(1, %s) AS copy WHERE one.ctid = (SELECT min(ctid) FROM {0})
"""
READ = "SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
MERGED = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_nestloop = off"
"""As the planner may choose to join: it reads one row of each side before it finds that the other has none."""
LOOKS: tuple[Callable[[], object], ...] = (tick, advance_all, make_asked, gather_due, send_due, sending.send_due)


@pytest.mark.on_postgresql_alone
@override_settings(INSTROOM_SMTP="smtp://localhost")
def test_an_idle_worker_reads_no_rows() -> None:
    store_much_that_is_done()
    for look, plan in (*product(LOOKS, ["SELECT 1"]), (advance_all, MERGED)):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(plan)
            cursor.execute(READ)
            before = set(cursor.fetchall())
            assert not look()
            cursor.execute(READ)
            assert set(cursor.fetchall()) - before == set(), (look, plan)


def store_much_that_is_done() -> None:
    """Deliveries, mails and calls that have ended, and connections whose file was taken."""
    scenario = ConnectionScenario()
    customer, now = scenario.customer.record, timezone.now()
    scenario.receive("2027-05-04T00:30")
    for _ in range(2):
        scenario.tick("2027-05-04T01:00")
    make_asked()
    Delivery.objects.update(state="imported", finished_at=now)
    Mail.objects.update(sent_at=now)
    hook = Webhook.objects.create(customer=customer, name="hook", events=[], made_at=now)
    times = {"made_at": now, "asked_at": now, "due_at": now - timedelta(days=1), "delivered_at": now}
    WebhookCall.objects.create(webhook=hook, event="x", body="", **times)
    with connection.cursor() as cursor:
        for table, differs in COPIES:
            cursor.execute(COPY.format(table, differs), [MANY])
        cursor.execute("VACUUM ANALYZE")
