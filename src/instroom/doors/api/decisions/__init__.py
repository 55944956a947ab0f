"""Approve, refuse, withdraw and undo."""
