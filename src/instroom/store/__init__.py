"""What is stored: customers, dossiers, deliveries, plans and the audit log. The only Django app with models."""
