"""What a row holds: the keys of a company and a person, what must be filled in, categories and free fields."""
