"""A Django app as a site would write it for the same file: one wide model for companies, one for persons."""
