"""Connections: the periodic deliveries of a customer."""
