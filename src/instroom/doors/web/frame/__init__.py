"""What every page stands in: access, language, security headers, failures, and the server."""
