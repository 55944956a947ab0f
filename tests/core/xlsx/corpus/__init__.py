"""Workbooks made in code, and what other programs read in them."""
