"""Step 1: what is it, is it whole, is it safe (product.md A1)?"""
