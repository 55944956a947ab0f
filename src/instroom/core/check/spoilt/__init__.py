"""What programs have done to values (product.md A5), and what they look like they were."""
