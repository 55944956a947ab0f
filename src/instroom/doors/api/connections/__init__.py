"""Connections: the periodic deliveries."""
