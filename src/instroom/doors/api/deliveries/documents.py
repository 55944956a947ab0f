"""A delivery as the API answers it, wherever it does."""

from typing import Any

from instroom.flow import delivery_document
from instroom.store.models import Delivery


def delivery_json(delivery: Delivery) -> dict[str, Any]:
    """The document of the contracts, with its times."""
    return delivery_document.with_times(delivery_document.document(delivery), delivery)
