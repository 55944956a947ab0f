"""Invitations to work for a customer."""
