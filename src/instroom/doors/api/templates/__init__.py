"""Templates to fill in."""
