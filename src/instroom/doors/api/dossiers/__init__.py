"""Dossiers of companies and persons."""
