"""The calendar by which a connection's times are counted: its customer's closing days, and what it does on them."""

from typing import Any, cast

from instroom.core.closing_days import ClosingDays, closing_days
from instroom.core.schedule import Calendar, OnClosed
from instroom.store.models import Connection, Customer


def closing_days_of(customer: Customer) -> ClosingDays:
    """When the customer is closed."""
    return closing_days(customer.closing_days)


def closing_days_document(customer: Customer) -> dict[str, Any]:
    """As programs see it; `core.closing_days` reads it."""
    nothing = {"country": "", "weekends": False, "days": [], "open": []}
    return {**nothing, **closing_days_of(customer).as_settings()}


def calendar_of(connection: Connection) -> Calendar:
    """What holds for a connection now."""
    return Calendar(closing_days_of(connection.customer).is_closed, cast(OnClosed, connection.on_closed))
