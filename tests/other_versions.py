"""Tables of another version than the code."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


@contextmanager
def older_tables() -> Iterator[None]:
    """As before the newest migration."""
    recorder = MigrationRecorder(connection)
    loader = MigrationLoader(connection)
    (newest,) = loader.graph.leaf_nodes("store")
    lacking = [newest, *loader.disk_migrations[newest].replaces[-1:]]  # of one that replaces others, the last of those
    for app, name in lacking:
        recorder.record_unapplied(app, name)
    yield
    for app, name in lacking:
        recorder.record_applied(app, name)


@contextmanager
def newer_tables() -> Iterator[None]:
    """As after a migration that this code does not have."""
    recorder = MigrationRecorder(connection)
    recorder.record_applied("store", "9999_later")
    yield
    recorder.record_unapplied("store", "9999_later")
