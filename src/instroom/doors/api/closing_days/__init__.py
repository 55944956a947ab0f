"""Closing days: when a customer is closed."""
