"""The flow decides: one use case a file. Everything that a door does is here; doors only let people in."""
