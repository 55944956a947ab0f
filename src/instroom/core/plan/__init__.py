"""The plan (product.md D1): what a delivery would do to what is stored, computed once by pure functions."""
