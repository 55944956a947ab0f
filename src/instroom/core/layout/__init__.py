"""Layouts are data (product.md A8): what columns a delivery has. Templates, XSD, checks and pages derive from them."""
