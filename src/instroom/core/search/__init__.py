"""Search as people search: by which words a dossier is found, and which words a typed text asks for."""
