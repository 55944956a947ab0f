"""What a person may ask of who keeps their data (GDPR, articles 15 and 17): all of it, or that it goes."""
