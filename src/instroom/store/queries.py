"""Questions to the store that are asked in more than one place."""

from instroom.core.fields import Kind
from instroom.store.models import Company, Environment, Person


def count_dossiers(environment: Environment) -> dict[Kind, int]:
    """How many dossiers an environment has, of each kind."""
    return {
        "company": Company.objects.filter(environment=environment).count(),
        "person": Person.objects.filter(environment=environment).count(),
    }
