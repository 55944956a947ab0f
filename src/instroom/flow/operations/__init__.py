"""What an operator oversees and sets: customers, figures, the audit log (product.md G2)."""
