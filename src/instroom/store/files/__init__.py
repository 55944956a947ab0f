"""Files on disk: delivered files, uploads in progress, and files dropped in a watched folder."""
