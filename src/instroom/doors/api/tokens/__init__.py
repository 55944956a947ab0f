"""Tokens for a customer."""
