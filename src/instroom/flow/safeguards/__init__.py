"""Safeguards of an approval: what relaxes one, and the second person who decides on that (product.md D3, E3)."""
