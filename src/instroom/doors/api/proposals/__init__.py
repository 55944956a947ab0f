"""Proposals to relax a safeguard, for a second person."""
