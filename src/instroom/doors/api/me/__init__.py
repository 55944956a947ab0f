"""The user of a token."""
