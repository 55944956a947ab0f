"""The same tests on SQLite and PostgreSQL: what product.md promises of records, plans and undo."""
