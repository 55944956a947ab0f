"""The rules by which the database itself refuses to change an entry of the audit log, or to delete one.

Entries may go in one way: when an entry `audit-trimmed` says that all up to a number are gone. A table that SQLite
makes anew, as it does for some migrations, loses its triggers: such a migration calls `install` again.
"""

from typing import Final

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_TRIMMED: Final = """EXISTS (
    SELECT 1 FROM store_auditentry line WHERE line.action = 'audit-trimmed' AND {until} >= OLD.number
    AND (line.customer_id = OLD.customer_id OR (line.customer_id IS NULL AND OLD.customer_id IS NULL)))"""
_REFUSED: Final = "the audit log is append-only"
_SQLITE: Final = (
    f"""
    CREATE TRIGGER audit_unchanged BEFORE UPDATE ON store_auditentry BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END
    """,
    f"""
    CREATE TRIGGER audit_kept BEFORE DELETE ON store_auditentry
    WHEN NOT {_TRIMMED.format(until="json_extract(line.facts, '$.until')")}
    BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END
    """,
    # INSERT OR REPLACE deletes a row without the trigger above
    f"""
    CREATE TRIGGER audit_not_replaced BEFORE INSERT ON store_auditentry
    WHEN EXISTS (SELECT 1 FROM store_auditentry line WHERE line.id = NEW.id
        OR (line.number = NEW.number AND line.customer_id = NEW.customer_id)
        OR (line.number = NEW.number AND line.customer_id IS NULL AND NEW.customer_id IS NULL))
    BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END
    """,  # noqa: S608 - ours
)
_POSTGRESQL: Final = (
    f"""
    CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF {_TRIMMED.format(until="(line.facts->>'until')::bigint")} THEN RETURN OLD; END IF;
        END IF;
        RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'insufficient_privilege';
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON store_auditentry
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()
    """,
    """
    CREATE OR REPLACE TRIGGER audit_not_emptied BEFORE TRUNCATE ON store_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()
    """,
    # with the rights of the tables' owner: the role of the application may not delete here
    """
    CREATE OR REPLACE FUNCTION trim_audit_log(customer uuid, until bigint) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
        WITH gone AS (
            DELETE FROM store_auditentry WHERE number <= until
            AND (customer_id = customer OR (customer_id IS NULL AND customer IS NULL)) RETURNING 1
        ) SELECT count(*) FROM gone
    $$
    """,
    "REVOKE ALL ON FUNCTION trim_audit_log(uuid, bigint) FROM PUBLIC",
)


def install(editor: BaseDatabaseSchemaEditor) -> None:
    """Make the rules of this database."""
    for statement in _POSTGRESQL if editor.connection.vendor == "postgresql" else _SQLITE:
        editor.execute(statement)


def remove(editor: BaseDatabaseSchemaEditor) -> None:
    """Take the rules away, for a migration that changes what is stored."""
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION IF EXISTS trim_audit_log")
        editor.execute("DROP FUNCTION IF EXISTS refuse_audit_change CASCADE")
    else:
        for name in ("audit_unchanged", "audit_kept", "audit_not_replaced"):
            editor.execute(f"DROP TRIGGER IF EXISTS {name}")
