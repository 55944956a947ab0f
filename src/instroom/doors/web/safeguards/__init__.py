"""Pages of safeguards: what a change relaxes, shown as the decision that it is, and what waits for a second person."""
