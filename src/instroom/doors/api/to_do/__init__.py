"""What needs a person, of one customer."""
