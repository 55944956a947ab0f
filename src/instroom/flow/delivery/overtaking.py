"""Whether a newer delivery has passed an older one, whose values may then not come after its own (product.md D7)."""

from django.db.models import Q

from instroom.store.models import Connection, Delivery, Environment, Plan


def newest_past(delivery: Delivery, connection: Connection | None = None) -> Delivery | None:
    """The newest file after a delivery, of its customer or of this connection alone, that has come into training: since
    it failed first, if it waits for another try. What waited for its hour comes after others by right."""
    since = Q(executed_at__gt=delivery.failing_since) if delivery.failing_since else Q(executed_at__isnull=False)
    trained = Plan.objects.filter(since, environment__name=Environment.TRAINING)
    newer = Delivery.objects.filter(customer=delivery.customer_id, kind=Delivery.FILE, number__gt=delivery.number)
    if connection:
        newer = newer.filter(connection=connection)
    return newer.filter(pk__in=trained.values("delivery")).order_by("number").last()
