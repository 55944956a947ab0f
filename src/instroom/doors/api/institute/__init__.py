"""The institute, and whom a customer asks for help."""
