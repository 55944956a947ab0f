"""Sets Django up for the peers: one SQLite file with the tables of the app `wide`."""

from pathlib import Path

import django
from django.conf import settings


def start(database: Path) -> None:
    """Configure Django on the database file and make its tables where they are missing."""
    settings.configure(
        INSTALLED_APPS=["bench.peers.wide"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(database)}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()
    from django.db import connection

    from bench.peers.wide.models import Company, Person

    if not connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.create_model(Company)
            editor.create_model(Person)
