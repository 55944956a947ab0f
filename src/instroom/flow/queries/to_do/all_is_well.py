"""What is said where nothing needs a person."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Max, OuterRef, QuerySet, Subquery

from instroom.store.models import Connection, Customer, Delivery


class AllIsWell(NamedTuple):
    on_time: int
    """The connections that are not paused."""
    last_file: datetime | None


def all_is_well(customers: QuerySet[Customer]) -> AllIsWell:
    """To be asked where there is nothing to do."""
    files = Delivery.objects.filter(customer=OuterRef("pk"), kind=Delivery.FILE).order_by("-number")
    newest = customers.order_by().annotate(newest=Subquery(files.values("received_at")[:1]))
    on_time = Connection.objects.filter(customer__in=customers, paused_at=None).count()
    return AllIsWell(on_time, newest.aggregate(last=Max("newest"))["last"])
