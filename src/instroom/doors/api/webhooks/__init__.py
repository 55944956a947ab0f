"""Webhooks of a customer."""
