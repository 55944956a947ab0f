"""What is told by mail (product.md E4): written in the transaction of what it tells of, sent once, after it."""
