"""Deliver a file and follow it."""
