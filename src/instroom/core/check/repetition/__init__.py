"""Records about one company or person: what they do not agree on, and two keys that may be one."""
