"""Reads many rows, some at a time, each in a query of its own: a cursor of the server would need one session."""

from collections.abc import Iterator
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

One = TypeVar("One", bound=Model)


def in_parts(found: QuerySet[One], column: str, at_once: int) -> Iterator[One]:
    """The rows by this column, and those that are the same in it by their ids."""
    later = Q()
    while part := list(found.filter(later).order_by(column, "pk")[:at_once]):
        yield from part
        last, value = part[-1].pk, getattr(part[-1], column)
        later = Q(**{f"{column}__gt": value}) | Q(**{column: value}, pk__gt=last)
        later &= Q(**{f"{column}__gte": value})  # by which the database finds its place in an index
