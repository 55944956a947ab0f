"""At the command line nobody has to wait for a worker: what is due is done at once."""

import time

from instroom.core.errors import NotAllowed
from instroom.flow.delivery.advance import advance, is_due
from instroom.store.models import Delivery

_BETWEEN_LOOKS = 0.1  # seconds
_PATIENCE = 300.0  # seconds for one step of another process


def run_due(delivery: Delivery) -> None:
    """Take a delivery as far as it goes, after what is due before it (product.md D7); what another process is at is
    waited for. What comes behind it is left to the worker. Raises NotAllowed where a step takes too long."""
    since = time.monotonic()
    while is_due(delivery):
        if advance(delivery.customer):
            since = time.monotonic()
        elif time.monotonic() - since < _PATIENCE:
            time.sleep(_BETWEEN_LOOKS)
        else:
            raise NotAllowed("busy-elsewhere")
    delivery.refresh_from_db()
