"""What only who owns the database can do: change the audit log behind the back of Instroom."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from instroom.store import audit_triggers


@contextmanager
def rules_lifted() -> Iterator[None]:
    """The database lets entries be changed, replaced and deleted."""
    with connection.schema_editor() as editor:
        audit_triggers.remove(editor)
    yield
    with connection.schema_editor() as editor:
        audit_triggers.install(editor)
