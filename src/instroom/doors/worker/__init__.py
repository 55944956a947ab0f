"""The worker: does every step that does not wait for a person."""
