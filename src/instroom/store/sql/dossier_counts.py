"""Questions to the store that are asked in more than one place."""

from django.db.models import F

from instroom.core.fields import Kind
from instroom.store.models import Environment


def count_dossiers(environment: Environment) -> dict[Kind, int]:
    """How many dossiers an environment has now, of each kind."""
    counted = Environment.objects.values_list("companies", "persons").get(pk=environment.pk)
    return {"company": counted[0], "person": counted[1]}


def add_to_counts(environment: str, companies: int, persons: int) -> None:
    """Keep the counts, in the transaction that makes or removes dossiers."""
    if companies or persons:
        Environment.objects.filter(pk=environment).update(
            companies=F("companies") + companies, persons=F("persons") + persons
        )
