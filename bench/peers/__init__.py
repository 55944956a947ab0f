"""The same work done by other libraries: django-import-export, a Django loop, frictionless."""
