"""What deliveries amount to, counted by the database.

Ids rise with time and stand second in each index, behind the customer: a period is a range of ids.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case, Count, F, FloatField, Func, IntegerField, QuerySet, Sum, Value, When
from django.db.models.expressions import Combinable

from instroom.store.ids import first_id_at
from instroom.store.models import Delivery

Customers = Sequence[UUID]


class Counted(NamedTuple):
    """The deliveries of one stretch of time that are in one state."""

    stretch: int
    state: str
    deliveries: int
    records: int


def by_stretch(customers: Customers, starts: Sequence[datetime]) -> list[Counted]:
    """Counts by state for each stretch of time that begins at one of the rising `starts`; the last one is still on."""
    found = (
        _since(customers, starts[0])
        .annotate(stretch=_stretch(starts, 0, len(starts)))
        .values("stretch", "state")
        .annotate(deliveries=Count("pk"), records=Sum(_Number("counts", "records"), default=0.0))
    )
    return [Counted(one["stretch"], one["state"], one["deliveries"], round(one["records"])) for one in found]


def latest_step_seconds(customers: Customers, since: datetime, most: int) -> list[dict[str, float]]:
    """`Delivery.step_seconds` of the latest deliveries, at most so many."""
    found = _since(customers, since)
    last = list(found.order_by("-pk").values_list("pk", flat=True)[most - 1 : most])  # sorted in the index alone
    return list((found.filter(pk__gte=last[0]) if last else found).values_list("step_seconds", flat=True))


def _stretch(starts: Sequence[datetime], first: int, end: int) -> Combinable:
    """Which of the stretches from `first` until `end` an id is in: by halves, which is five comparisons for a month."""
    if end - first == 1:
        return Value(first)
    middle = (first + end) // 2
    later = When(pk__gte=first_id_at(starts[middle]), then=_stretch(starts, middle, end))
    return Case(later, default=_stretch(starts, first, middle), output_field=IntegerField())


def _since(customers: Customers, moment: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(customer__in=customers, pk__gte=first_id_at(moment)).order_by()


class _Number(Func):
    """A number in a column of JSON; NULL where it is not there. Django's own way asks SQLite four times as much."""

    output_field = FloatField()

    def __init__(self, column: str, name: str) -> None:
        super().__init__(F(column), Value(name))
        self._name = name

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Of the text that SQLite keeps."""
        path = self.copy()
        path.set_source_expressions([self.source_expressions[0], Value(f"$.{self._name}")])
        return super(_Number, path).as_sql(compiler, connection, function="JSON_EXTRACT", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Of the binary JSON that PostgreSQL keeps."""
        return super().as_sql(compiler, connection, template="(%(expressions)s)::float", arg_joiner=" ->> ", **context)
