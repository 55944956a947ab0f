"""The rights of a PostgreSQL role with which the application runs, that does not own its tables.

It can write everywhere, and change or delete nothing in the audit log; the owner's role makes and upgrades the tables.
"""

from typing import Final

from django.db import connection, transaction
from psycopg.sql import SQL, Identifier

from instroom.core.errors import SettingsError

_GRANTS: Final = (
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT SELECT, USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
    "REVOKE UPDATE, DELETE ON store_auditentry FROM {role}",
    "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
    "GRANT EXECUTE ON FUNCTION trim_audit_log(uuid, bigint) TO {role}",
)


@transaction.atomic
def grant_to(role: str) -> None:
    """Give a role its rights; again after each upgrade, for tables that are new.

    Raises SettingsError where the database is not PostgreSQL, does not know the role, or knows it as one that may do
    all that the owner may.
    """
    if connection.vendor != "postgresql":
        raise SettingsError("application-role-postgresql")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR pg_has_role(rolname, tableowner::name, 'MEMBER'), schemaname"
            " FROM pg_roles, pg_tables WHERE rolname = %s AND tablename = 'store_auditentry'"
            " AND schemaname = current_schema()",
            [role],
        )
        found = cursor.fetchone()
        if found is None:
            raise SettingsError("application-role-unknown", name=role)
        if found[0]:
            raise SettingsError("application-role-owner", name=role)
        for grant in _GRANTS:
            cursor.execute(SQL(grant).format(schema=Identifier(found[1]), role=Identifier(role)))
