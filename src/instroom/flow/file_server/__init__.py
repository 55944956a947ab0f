"""The accounts of the file server, what they bring in, and what comes back to them (product.md F2-F4)."""
