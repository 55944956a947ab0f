"""The same work done with what others use for it: django-import-export, a Django loop, frictionless."""
