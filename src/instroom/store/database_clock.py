"""The clock of the database, which all nodes of a site share: their own clocks differ.

Moments that are compared to find out what came later are taken from it, such as those of decisions and imports.
"""

from datetime import datetime

from django.db import connection
from django.utils import timezone


def now() -> datetime:
    """SQLite is on this machine, and has its clock."""
    if connection.vendor == "sqlite":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
