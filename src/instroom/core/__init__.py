"""The core thinks: reads a file, checks it, plans what it would change, and words the report. No framework."""
