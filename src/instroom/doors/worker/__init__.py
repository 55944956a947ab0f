"""The worker: carries on whatever waits for us and not for a person."""
