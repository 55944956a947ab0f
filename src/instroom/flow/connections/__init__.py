"""The periodic delivery (product.md E1-E3): connections, their times, what each takes, and the standing approval."""
