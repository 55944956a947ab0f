"""What deliveries amount to, counted by the database.

Ids rise with time and stand second in each index, behind the customer: a period is a range of ids.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case, Count, F, FloatField, Func, IntegerField, QuerySet, Sum, Value, When

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
    whens = [When(pk__gte=first_id_at(start), then=Value(number)) for number, start in enumerate(starts)]
    found = (
        _since(customers, starts[0])
        .annotate(stretch=Case(*reversed(whens), output_field=IntegerField()))
        .values("stretch", "state")
        .annotate(deliveries=Count("pk"), records=Sum(_Number("counts", "records"), default=0.0))
    )
    return [Counted(one["stretch"], one["state"], one["deliveries"], round(one["records"])) for one in found]


def latest_step_seconds(customers: Customers, since: datetime, most: int) -> list[dict[str, float]]:
    """`Delivery.step_seconds` of the latest deliveries, at most so many."""
    return list(_since(customers, since).order_by("-pk").values_list("step_seconds", flat=True)[:most])


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
