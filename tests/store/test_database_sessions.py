"""A session at PostgreSQL: kept by its thread, limited in time, and replaced where it is good no longer."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, close_old_connections, connection, transaction
from django.db.models.signals import pre_migrate
from tests.database import server_url

from instroom.store.models import Customer

HELD = "SELECT 1 FROM store_customer FOR UPDATE"


@pytest.fixture(autouse=True)
def limits() -> Iterator[dict[str, int]]:
    """Those of sessions that are opened from now on; SQLite has none."""
    options = connection.settings_dict["OPTIONS"]
    before = dict(options)
    connection.close()
    yield options
    options.update(before)
    connection.close()


@pytest.mark.on_postgresql_alone
def test_a_session_is_kept_and_replaced_once_the_server_has_ended_it(limits: dict[str, int]) -> None:
    sessions = []
    for _ in range(3):
        close_old_connections()  # as between two requests, and two rounds of the worker
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            sessions += cursor.fetchall()
    assert len(set(sessions)) == 1
    with psycopg.connect(server_url() or "", autocommit=True) as administration:
        administration.execute("SELECT pg_terminate_backend(%s)", sessions[0])
    close_old_connections()
    assert not Customer.objects.exists()


@pytest.mark.on_postgresql_alone
def test_the_servers_own_log_gets_no_values_beside_a_statement_that_fails() -> None:
    """Whatever the server is set to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting, source FROM pg_settings WHERE name = 'log_parameter_max_length_on_error'")
        assert cursor.fetchall() == [("0", "session")]


@pytest.mark.on_postgresql_alone
def test_who_stands_still_in_a_transaction_loses_it_and_who_waits_for_a_lock_goes_on(limits: dict[str, int]) -> None:
    """Here after a second and not at all; on a site after 50 seconds and 60."""
    Customer.objects.create(name="voorbeeld", title="Voorbeeld")
    assert limits == {**limits, "idle_in_transaction_session_timeout": 50, "lock_timeout": 60}
    limits.update(idle_in_transaction_session_timeout=1, lock_timeout=0)
    connection.close()
    with psycopg.connect(server_url() or "", dbname=str(connection.settings_dict["NAME"])) as other:
        with pytest.raises(DatabaseError, match="idle-in-transaction"), transaction.atomic():
            Customer.objects.select_for_update().get()
            other.execute(HELD)  # waits until the first has lost its session
            Customer.objects.update(title="Te laat")
        limits["lock_timeout"] = 1
        connection.close()
        with pytest.raises(OperationalError, match="lock timeout"):
            Customer.objects.update(title="Te laat")
    assert Customer.objects.get().title == "Voorbeeld"


@pytest.mark.on_postgresql_alone
def test_a_migration_gives_way_soon_and_computes_for_as_long_as_it_takes() -> None:
    pre_migrate.send(sender=None, using="default")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout')")
        assert cursor.fetchall() == [("500ms", "0")]
