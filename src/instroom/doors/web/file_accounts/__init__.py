"""Accounts of the file server."""
