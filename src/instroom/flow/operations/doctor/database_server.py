"""PostgreSQL: its version and settings, the connections that are left, and what our role may do."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from django.db import OperationalError, connection

from instroom.flow.operations.doctor.diagnosis import Diagnosis, diagnosis

_OLDEST: Final = 14
"""What this Django works with."""
_OF_A_PROCESS: Final = 20  # connections that one more `instroom web` or `instroom serve` may take
_SERVER: Final = """
    SELECT current_setting('server_version'), current_setting('server_encoding'),
        current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
        (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
        pg_is_in_recovery() OR current_setting('default_transaction_read_only')::bool,
        ARRAY(SELECT name::text FROM pg_settings WHERE setting = 'off'
            AND name IN ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name)
"""
_ROLE: Final = """
    SELECT current_user::text, rolsuper, pg_has_role(current_user, tableowner::name, 'MEMBER')
    FROM pg_roles, pg_tables
    WHERE rolname = current_user AND tablename = 'store_auditentry' AND schemaname = current_schema()
"""
_LACKING: Final = """
    SELECT tablename::text FROM (
        SELECT tablename, format('%I.%I', schemaname, tablename) AS named FROM pg_tables
        WHERE schemaname = current_schema() AND (tablename LIKE 'store\\_%' OR tablename LIKE 'django\\_%')
    ) AS ours
    WHERE NOT has_table_privilege(named, 'SELECT')
        OR (tablename <> 'django_migrations' AND NOT has_table_privilege(named, 'INSERT'))
    ORDER BY tablename
"""


class Server(NamedTuple):
    """What a server says of itself."""

    version: str
    encoding: str
    most: int
    """Connections that it takes from us and others."""
    used: int
    is_read_only: bool
    not_durable: list[str]
    """Settings that are off, without which a power cut loses what is committed."""


def look() -> Iterator[Diagnosis]:
    """On this thread's own connection."""
    try:
        connection.ensure_connection()
    except OperationalError:
        yield diagnosis("database-unreachable", name=connection.settings_dict["NAME"])
        return
    (row,) = _rows(_SERVER)
    yield from look_at(Server(*row))
    for role, is_superuser, is_owner in _rows(_ROLE):  # none where there are no tables yet
        kind = "superuser" if is_superuser else "owner" if is_owner else "application"
        yield diagnosis(f"role-{kind}", role=role)
    if lacking := [name for (name,) in _rows(_LACKING)]:
        yield diagnosis("role-lacks-rights", tables=lacking)


def look_at(server: Server) -> Iterator[Diagnosis]:
    version = server.version.split()[0]
    yield diagnosis("server", version=version, most=server.most, used=server.used)
    if int(version.partition(".")[0]) < _OLDEST:
        yield diagnosis("server-old", version=version, oldest=_OLDEST)
    if server.encoding != "UTF8":
        yield diagnosis("server-encoding", encoding=server.encoding)
    if server.is_read_only:
        yield diagnosis("server-read-only")
    if server.not_durable:
        yield diagnosis("server-not-durable", names=server.not_durable)
    if server.most - server.used < _OF_A_PROCESS:
        yield diagnosis("connections-few", most=server.most, used=server.used, needed=_OF_A_PROCESS)


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
