"""The store remembers: customers, dossiers, deliveries, plans and who did what. The only Django app with models."""
