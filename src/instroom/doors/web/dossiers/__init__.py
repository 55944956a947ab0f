"""Search companies and persons, and see their dossiers."""
