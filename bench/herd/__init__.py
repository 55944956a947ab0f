"""One o'clock: many customers whose files are all due at the same moment, and how fast workers get through them."""
