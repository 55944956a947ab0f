"""Django's database engine for SQLite, which completes the audit log before it commits."""
