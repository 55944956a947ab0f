"""What `instroom demo` stands on: its server, its steps and its words."""
