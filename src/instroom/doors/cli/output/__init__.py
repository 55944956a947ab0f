"""What commands print and write: texts, documents and files."""
