"""Takes a person out of the dossiers and the plans of a customer."""

from django.db import connections, transaction

from instroom.core.keys import Key, key
from instroom.store import data_keys
from instroom.store.models import Category, Company, Environment, Person, Plan
from instroom.store.sql import plans
from instroom.store.sql.dossier_counts import add_to_counts
from instroom.store.sqlite.unindexed import IndexesAtCommit


def delete_person(environment: Environment, person: Key) -> None:
    """Delete the dossier, and the categories that nobody has then."""
    found = Person.objects.filter(environment=environment, extern_source=person[0], extern_id_key=person[1])
    count, _ = found.delete()
    add_to_counts(environment.id.hex, 0, -count)
    delete_unused_categories(environment)


def forget_words() -> None:
    """Leave no word of what has been deleted in the index. PostgreSQL sees to that by itself."""
    if isinstance(database := connections["default"], IndexesAtCommit):
        with transaction.atomic():
            database.forget_words()


def delete_unused_categories(environment: Environment) -> None:
    """Delete the categories of an environment that no dossier has, in the caller's transaction."""
    used = {
        tuple(pair)
        for model in (Person, Company)
        for categories in model._default_manager.filter(environment=environment)
        .values_list("categories", flat=True)
        .distinct()
        for pair in categories
    }
    own = Category.objects.filter(environment=environment)
    unused = [row.pk for row in own if (row.group, row.name) not in used]
    own.filter(pk__in=unused).delete()


def forget_in_plan(plan: Plan, person: Key) -> None:
    """Take the key of a person out of what a plan was based on, and out of what an undo keeps."""
    basis = plans.basis_of(plan)
    persons = [seen for seen in basis["person"] if tuple(seen[0]) != person]
    if plan.kept:
        plan.kept = [
            one for one in plan.kept if one["kind"] != "person" or key(one["extern_source"], one["extern_id"]) != person
        ]
    plan.basis = plans.sealed_basis(data_keys.current(plan.environment.customer_id), basis["company"], persons)
    plan.save(update_fields=["basis", "kept"])
