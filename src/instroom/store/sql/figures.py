"""Statistics of deliveries, computed by the database.

Ids rise with time and come second in each index, after the customer. So a period is a range of ids.
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


class PeriodCount(NamedTuple):
    """The deliveries of one period that are in one state."""

    period: int  # its index among the starts
    state: str
    deliveries: int
    records: int


def count_by_period(customers: Customers, starts: Sequence[datetime]) -> list[PeriodCount]:
    """Counts by period and state. The periods begin at the `starts`, in ascending order; the last has not ended."""
    groups = (
        _since(customers, starts[0])
        .annotate(period=_period(starts, 0, len(starts)))
        .values_list("period", "state")
        .annotate(deliveries=Count("pk"), records=Sum(_Number("counts", "records"), default=0.0))
    )
    return [PeriodCount(period, state, deliveries, round(records)) for period, state, deliveries, records in groups]


def latest_step_seconds(customers: Customers, since: datetime, most: int) -> list[dict[str, float]]:
    """`Delivery.step_seconds` of the latest deliveries since a moment, at most `most`."""
    found = _since(customers, since)
    last = list(found.order_by("-pk").values_list("pk", flat=True)[most - 1 : most])  # sorted in the index alone
    return list((found.filter(pk__gte=last[0]) if last else found).values_list("step_seconds", flat=True))


def _period(starts: Sequence[datetime], first: int, end: int) -> Combinable:
    """The period, from `first` up to `end`, that an id is in. By bisection: a month takes five comparisons."""
    if end - first == 1:
        return Value(first)
    middle = (first + end) // 2
    later = When(pk__gte=first_id_at(starts[middle]), then=_period(starts, middle, end))
    return Case(later, default=_period(starts, first, middle), output_field=IntegerField())


def _since(customers: Customers, moment: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(customer__in=customers, pk__gte=first_id_at(moment)).order_by()


class _Number(Func):
    """A number in a JSON column; NULL if it is absent. Django's own lookup takes SQLite four times as long."""

    output_field = FloatField()

    def __init__(self, column: str, name: str) -> None:
        super().__init__(F(column), Value(name))
        self._name = name

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """SQLite stores JSON as text."""
        path = self.copy()
        path.set_source_expressions([self.source_expressions[0], Value(f"$.{self._name}")])
        return super(_Number, path).as_sql(compiler, connection, function="JSON_EXTRACT", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """PostgreSQL stores JSON as `jsonb`."""
        return super().as_sql(compiler, connection, template="(%(expressions)s)::float", arg_joiner=" ->> ", **context)
