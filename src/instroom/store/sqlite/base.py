"""The engine itself: Django looks for it here, under this name."""

from django.db.backends.sqlite3 import base

from instroom.store.audit_chain import ChainsAtCommit
from instroom.store.sqlite.unindexed import IndexesAtCommit
from instroom.store.sqlite.waiting import AsksOften


class DatabaseWrapper(AsksOften, IndexesAtCommit, ChainsAtCommit, base.DatabaseWrapper):
    """SQLite, which has one writer: nothing else can wait for the same chain."""
