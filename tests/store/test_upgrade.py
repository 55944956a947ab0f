"""An upgrade gives way to who uses the tables, is the only one, and goes on where another was killed."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from django.db import connection, connections
from tests.database import server_url
from tests.next_version import next_migrations

from instroom.core.errors import NotAllowed
from instroom.store import upgrade
from instroom.store.models import Customer

COLUMN = 'migrations.AddField("customer", "nieuw", models.TextField(null=True))'
INDEX = 'AddIndexBesideWork("customer", models.Index(fields=["title"], name="nieuw_title"))'


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds for minutes."""
    monkeypatch.setattr(upgrade, "_PATIENCE", 0.0)
    monkeypatch.setattr(upgrade, "_TURN", 0.0)


@pytest.fixture
def report() -> Iterator[psycopg.Connection]:
    """Somebody's session at the server, in a transaction that goes on and on."""
    name = str(connection.settings_dict["NAME"])
    with psycopg.connect(server_url() or "", dbname=name, application_name="rapport") as report:
        report.execute("SELECT title FROM store_customer WHERE title = 'Geheim'")
        yield report


@pytest.mark.on_postgresql_alone
def test_it_gives_way_to_a_long_transaction_and_says_whose_it_is(
    report: psycopg.Connection, tmp_path: Path, impatient: None
) -> None:
    with next_migrations(tmp_path, COLUMN):
        with ThreadPoolExecutor() as beside, pytest.raises(NotAllowed) as raised:
            slowest = beside.submit(slowest_question)
            upgrade.apply_migrations()
        for lang, since in (("en", "in a transaction since"), ("nl", "in een transactie sinds")):
            said = raised.value.sentence(lang)
            assert f"{report.info.backend_pid} " in said and "(rapport), " in said and since in said
            assert "Geheim" not in said
        assert slowest.result() < 1.0
        report.rollback()
        assert (upgrade.apply_migrations(), upgrade.apply_migrations()) == (1, 0)


def slowest_question() -> float:
    """Seconds that the slowest question took, of those of a second."""
    end, slowest = time.monotonic() + 1.0, 0.0
    while (began := time.monotonic()) < end:
        assert not Customer.objects.filter(title="x").exists()
        slowest = max(slowest, time.monotonic() - began)
        time.sleep(0.01)
    connections.close_all()
    return slowest


@pytest.mark.on_postgresql_alone
def test_it_tries_again_until_it_may(report: psycopg.Connection, tmp_path: Path) -> None:
    with next_migrations(tmp_path, COLUMN), ThreadPoolExecutor() as beside:
        upgrading = beside.submit(upgraded)
        time.sleep(0.8)
        assert not upgrading.done()
        report.rollback()
        assert upgrading.result() == 1


def upgraded() -> int:
    try:
        return upgrade.apply_migrations()
    finally:
        connections.close_all()


def test_an_index_that_was_not_finished_is_made_anew(tmp_path: Path) -> None:
    with next_migrations(tmp_path, INDEX):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("CREATE INDEX nieuw_title ON store_customer (name)")  # as it was left
        assert upgrade.apply_migrations() == 1
        with connection.cursor() as cursor:
            made = connection.introspection.get_constraints(cursor, "store_customer")["nieuw_title"]
        assert (made["columns"], made["index"]) == (["title"], True)


def test_only_one_upgrades(impatient: None) -> None:
    with upgrade.only_upgrade(), ThreadPoolExecutor() as other:
        refused = other.submit(turn).result()
    assert isinstance(refused, NotAllowed) and refused.code == "upgrade-elsewhere"
    assert turn() is None


def turn() -> NotAllowed | None:
    try:
        with upgrade.only_upgrade():
            return None
    except NotAllowed as refused:
        return refused
