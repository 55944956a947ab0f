"""The watched folder: files that another server drops (product.md F5)."""
