"""A small customer beside a large one: what is looked up by key goes by the index of the keys, whatever the database
believes of how many dossiers an environment has."""

from typing import Any

from django.db import connection

from instroom.store.ids import new_ids
from instroom.store.models import Customer, Environment, StoredChange
from instroom.store.sql import plans, records
from tests.contracts.customer import SampleCustomer, person

LARGE, SMALL = 3000, 200
BY_KEY = {"postgresql": "person_key", "sqlite": "(environment_id=? AND extern_source=? AND extern_id_key=?)"}


def fill_both() -> Environment:
    """A large customer, counted by the database, and after that a small one; the small one's environment."""
    delivery = SampleCustomer().import_([person(str(number), surname=f"Voorbeeld{number}") for number in range(LARGE)])
    connection.cursor().execute("ANALYZE")
    small = Environment.objects.create(customer=Customer.objects.create(name="klein"), name=Environment.LIVE)
    found = StoredChange.objects.filter(plan__delivery=delivery, environment__name=Environment.LIVE)[:SMALL]
    changes = plans.changes_of(found)
    ids = new_ids(len(changes))
    records.apply(small.pk.hex, [one._replace(dossier=id_) for one, id_ in zip(changes, ids, strict=True)])
    return small


def how(query: str, values: Any) -> str:
    """How the database goes about it."""
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {query}", values)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_dossiers_are_loaded_by_the_index_of_the_keys() -> None:
    small, asked = fill_both(), []

    def heard(execute: Any, query: str, values: Any, many: bool, context: Any) -> Any:
        asked.append((query, values))
        return execute(query, values, many, context)

    keys = [("HR", str(number)) for number in range(LARGE)]
    with connection.execute_wrapper(heard):
        assert len(records.load_by_keys(small.pk.hex, "person", keys)) == SMALL
        assert len(records.versions(small.pk.hex, "person", keys)) == SMALL
    assert len(asked) == 2
    for query, values in asked:
        assert BY_KEY[connection.vendor] in how(query, values)
