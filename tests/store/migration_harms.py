"""What a migration may do while the version before it still works on the same tables."""

from collections.abc import Iterator

from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterModelManagers,
    AlterModelOptions,
    CreateModel,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED, Field

from instroom.store.index_operation import AddIndexBesideWork

ALLOWED = "beside_the_old_version"
"""Of a migration: the reasons why an operation does no harm all the same, by the name of its class."""


def harms(migration: Migration, state: ProjectState) -> Iterator[str]:
    """What would break the old version, or keep it waiting. `state` is that of before the migration, and is changed."""
    new: set[str] = set()
    for operation in migration.operations:
        if not migration.atomic and len(migration.operations) > 1:
            yield f"{type(operation).__name__}: without a transaction it has a migration of its own, to be begun again"
        if isinstance(operation, CreateModel):
            new.add(operation.name_lower)
        elif not is_harmless(operation, state, new) and type(operation).__name__ not in getattr(migration, ALLOWED, {}):
            yield f"{type(operation).__name__}: {operation.describe()}"
        operation.state_forwards("store", state)


def is_harmless(operation: Operation, state: ProjectState, new: set[str]) -> bool:
    """Whether old statements still work after it, and no large table is locked for long. `new` are the models that the
    same migration makes."""
    match operation:
        case AlterModelOptions() | AlterModelManagers() | AddIndexBesideWork():
            return True
        case AddIndex() | AddConstraint():
            return operation.model_name_lower in new
        case AddField():
            field = operation.field
            return operation.model_name_lower in new or field.null or field.db_default is not NOT_PROVIDED
        case AlterField():
            before = state.models["store", operation.model_name_lower].fields[operation.name]
            return takes_all_of(operation.field, before)
    return False


def takes_all_of(after: "Field[object, object]", before: "Field[object, object]") -> bool:
    """Whether the column takes whatever the old version writes."""
    if (before.null and not after.null) or (after.unique and not before.unique):
        return False
    if before.db_default is not NOT_PROVIDED and after.db_default is NOT_PROVIDED:
        return False
    if type(after) is not type(before):
        return False
    if before.is_relation:
        return before.deconstruct()[3].get("to") == after.deconstruct()[3].get("to")
    if before.db_type(connection) == after.db_type(connection):
        return True
    return after.max_length is None or (before.max_length is not None and after.max_length >= before.max_length)
