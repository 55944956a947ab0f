"""What needs a person: the things to do for some customers, of every kind of trouble that the site knows."""
