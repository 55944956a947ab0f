"""Users and their own accounts: sign in, passwords, second factor, tokens, invitations."""
