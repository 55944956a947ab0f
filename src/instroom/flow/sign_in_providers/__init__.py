"""Signing in with the customer's own OpenID Connect provider (product.md G6)."""
