"""What is shown of deliveries and dossiers, to whom may see it; each sight of a person goes into the audit log (G2)."""
