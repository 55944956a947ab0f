"""Instroom: takes over deliveries of companies and persons, checked, approved and undoable."""
