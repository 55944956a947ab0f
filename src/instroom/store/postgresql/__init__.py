"""Django's database engine for PostgreSQL, which completes the audit log before it commits."""
