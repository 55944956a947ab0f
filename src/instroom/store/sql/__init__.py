"""Set-based SQL: reads and writes in bulk, where the ORM is too slow."""
