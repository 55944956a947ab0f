"""Customers and their policies."""
