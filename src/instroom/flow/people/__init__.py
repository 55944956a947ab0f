"""Who comes in: users, roles, invitations, passwords, the second factor, and the tokens of programs (product.md G2)."""
