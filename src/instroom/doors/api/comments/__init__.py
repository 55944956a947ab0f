"""Questions and remarks about a delivery."""
