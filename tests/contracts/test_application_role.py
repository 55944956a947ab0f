"""On PostgreSQL the application can have a role that owns nothing: it does all its work, and the audit log stays."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from instroom.flow import audit
from instroom.flow.operations.cleaning import clean
from instroom.flow.queries.audit_verification import verify, verify_all
from tests.commands import Run
from tests.contracts.customer import SampleCustomer, company, person

ROLE = f'{connection.settings_dict["NAME"]} "app"'


@pytest.fixture
def role() -> Iterator[str]:
    """A role without any right, as an administrator makes it; SQLite has none."""
    if connection.vendor == "sqlite":
        yield "app"
        return
    quoted = ROLE.replace('"', '""')
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE ROLE "{quoted}"')
    yield ROLE
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(f'DROP OWNED BY "{quoted}"; DROP ROLE "{quoted}"')


def test_the_application_works_without_the_right_to_change_the_audit_log(run: Run, role: str) -> None:
    assert run("init", "--application-role", "niemand").code == 2
    assert run("init", "--application-role", "postgres").code == 2
    assert run("init", "--application-role", role).code == (0 if connection.vendor == "postgresql" else 2)
    if connection.vendor == "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("""SET ROLE "{}" """.format(role.replace('"', '""')))
        customer = SampleCustomer()
        customer.import_([person("1") | company("1", name="Bakker")])
        customer.undo(customer.import_([person("1", surname="Anders") | company("1", name="Smid")]))
        clean()
        number = verify(customer.record).number
        for statement in (
            "UPDATE store_auditentry SET action = 'x'",
            "DELETE FROM store_auditentry",
            "TRUNCATE store_auditentry",
            "ALTER TABLE store_auditentry DISABLE TRIGGER ALL",
            "DROP TABLE store_auditentry",
            "CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE sql AS ''",
            "SET session_replication_role = replica",
            "DELETE FROM django_migrations",
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(statement)
        with pytest.raises(DatabaseError, match="append-only"):
            cursor.execute("SELECT trim_audit_log(%s, 1)", [customer.record.pk])
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (role,)
        assert audit.trim(customer.record, timezone.now() + timedelta(days=1)) == number
    assert {one.fault for one in verify_all()} == {None}
