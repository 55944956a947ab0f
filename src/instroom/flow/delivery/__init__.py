"""A delivery on its way from received to imported: its states, and each step between them (product.md D)."""
