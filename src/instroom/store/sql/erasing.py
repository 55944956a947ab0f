"""Takes a person out of the dossiers and the plans of a customer."""

import orjson
from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast

from instroom.core.keys import Key, key
from instroom.store.models import Category, Company, Environment, Person, Plan
from instroom.store.sql import plans
from instroom.store.sql.dossier_counts import add_to_counts


def delete_person(environment: Environment, person: Key) -> None:
    """Delete the dossier, and the categories that nobody else has."""
    found = Person.objects.filter(environment=environment, extern_source=person[0], extern_id_key=person[1])
    categories = [tuple(pair) for one in found for pair in one.categories]
    count, _ = found.delete()
    add_to_counts(environment.id.hex, 0, -count)
    for group, name in categories:
        if not any(_has_category(model, environment, group, name) for model in (Person, Company)):
            Category.objects.filter(environment=environment, group=group, name=name).delete()


def _has_category(model: type[Person] | type[Company], environment: Environment, group: str, name: str) -> bool:
    there = model._default_manager.filter(environment=environment)
    if connection.vendor == "postgresql":
        return there.filter(categories__contains=[[group, name]]).exists()
    text = orjson.dumps([group, name]).decode()
    return there.annotate(text=Cast("categories", TextField())).filter(text__contains=text).exists()


def forget_in_plan(plan: Plan, person: Key) -> None:
    """Take the key of a person out of what a plan was based on, and out of what an undo keeps."""
    basis = plans.basis_of(plan)
    persons = [seen for seen in basis["person"] if tuple(seen[0]) != person]
    if plan.kept:
        plan.kept = [
            one for one in plan.kept if one["kind"] != "person" or key(one["extern_source"], one["extern_id"]) != person
        ]
    plan.basis = plans.sealed_basis(plan.environment.customer_id, basis["company"], persons)
    plan.save(update_fields=["basis", "kept"])
