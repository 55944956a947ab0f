"""The accounts of the file server, what they bring in there or in a watched folder, and what comes back (F2-F5)."""
