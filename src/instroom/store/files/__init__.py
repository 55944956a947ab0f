"""Files on disk: delivered, being uploaded, and dropped in a watched folder."""
