"""A customer's closing days, set by an operator; the times of its connections follow."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from instroom.core.closing_days import closing_days
from instroom.flow import audit, permissions
from instroom.flow.connections import runs
from instroom.store.models import Connection, Customer, User


@transaction.atomic
def save_closing_days(customer: Customer, settings: Mapping[str, Any], *, by: User) -> bool:
    """Keep the closing days, as `core.closing_days` reads them, instead of those before. Whether they differ.

    Raises NotAllowed, and SettingsError for what is no closing day.
    """
    permissions.check(by, "configure", customer)
    wanted = closing_days(settings).as_settings()
    held = Customer.objects.select_for_update().get(pk=customer.pk)
    before, customer.closing_days = held.closing_days, wanted
    if wanted == before:
        return False
    customer.save(update_fields=["closing_days"])
    audit.note(customer, "closing-days-changed", by, before=before, after=wanted)
    for connection in Connection.objects.select_for_update().filter(customer=customer):
        connection.customer = customer
        runs.plan_around_closing_days(connection)
    return True
