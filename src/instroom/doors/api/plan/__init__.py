"""The plan of a delivery."""
