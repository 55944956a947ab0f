"""The engine itself: Django looks for it here, under this name."""

from django.db.backends.postgresql import base

from instroom.store.audit_chain import ChainsAtCommit


class DatabaseWrapper(ChainsAtCommit, base.DatabaseWrapper):
    """PostgreSQL, where transactions that write to the same chain take turns."""
