"""Addresses of pages, as mails name them. That each leads somewhere is tested with the web itself."""

from django.conf import settings

from instroom.store.models import Delivery


def delivery(one: Delivery) -> str:
    """Where a delivery is shown."""
    return _whole(f"/customers/{one.customer.name}/deliveries/{one.pk}")


def plan(one: Delivery) -> str:
    """Where a delivery's plan waits for a decision."""
    return f"{delivery(one)}/plan"


def _whole(path: str) -> str:
    return f"{settings.INSTROOM_ADDRESS}{path}"
