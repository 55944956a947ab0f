"""The API door: programs deliver, follow, decide and look up, under /api/v1/. It asks the flow, and answers in JSON."""
