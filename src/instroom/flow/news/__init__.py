"""What people and programs are told: written in the transaction of what it tells of, sent later (product.md E4)."""
