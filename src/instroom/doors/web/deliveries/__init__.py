"""Deliver a file, follow it, decide on its plan, undo it."""
