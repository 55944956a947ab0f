"""The numbers of dossiers of an environment, stored with it: counting a million takes too long."""

from collections.abc import Collection

from django.db import connection
from django.db.models import F

from instroom.core.fields import Kind
from instroom.store.models import Company, Environment, Person


def count_dossiers(environment: Environment) -> dict[Kind, int]:
    """The number of dossiers of each kind, read from the database again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT companies, persons FROM store_environment WHERE id = %s", [environment.pk.hex])
        [companies, persons] = cursor.fetchone()
    return {"company": companies, "person": persons}


def count_dossiers_of(environment: Environment, sources: Collection[str]) -> dict[Kind, int]:
    """The number of dossiers of each kind of these sources alone, counted now."""
    found = {"environment": environment, "extern_source__in": list(sources)}
    return {"company": Company.objects.filter(**found).count(), "person": Person.objects.filter(**found).count()}


def add_to_counts(environment: str, companies: int, persons: int) -> None:
    """Update the counts, in the transaction that adds or removes dossiers."""
    if companies or persons:
        Environment.objects.filter(pk=environment).update(
            companies=F("companies") + companies, persons=F("persons") + persons
        )
