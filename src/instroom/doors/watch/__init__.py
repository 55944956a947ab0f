"""The watched folder, in which another server drops files (product.md F5)."""
