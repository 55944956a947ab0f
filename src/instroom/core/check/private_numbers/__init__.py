"""Numbers of persons that may not be in a file: citizen service numbers (BSN), and account numbers (IBAN)."""
