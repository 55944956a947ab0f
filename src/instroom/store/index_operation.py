"""The operation of a migration that makes an index of a table that is in use."""

from typing import Final

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddIndex
from django.db.migrations.state import ProjectState

from instroom.store.postgresql.base import DatabaseWrapper

_SECONDS: Final = 300
"""That PostgreSQL waits for transactions that began before. Nobody waits behind it."""


class AddIndexBesideWork(AddIndexConcurrently):
    """On PostgreSQL concurrently: its migration has `atomic = False`, and no other operations than this one.

    Where a process was killed meanwhile, it has left an index that is not valid: that one goes first.
    """

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        database = schema_editor.connection
        if not isinstance(database, DatabaseWrapper):  # SQLite has one writer, who is ready in a moment
            AddIndex.database_forwards(self, app_label, schema_editor, from_state, to_state)
            return
        with database.waiting_for_locks(_SECONDS):
            super().database_backwards(app_label, schema_editor, from_state, to_state)  # IF EXISTS
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if isinstance(schema_editor.connection, DatabaseWrapper):
            super().database_backwards(app_label, schema_editor, from_state, to_state)
        else:
            AddIndex.database_backwards(self, app_label, schema_editor, from_state, to_state)
