"""The users of a customer."""
