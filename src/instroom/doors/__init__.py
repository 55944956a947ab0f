"""The ways in: thin, equal and unaware of each other. A door translates; deciding is for `flow`."""
