"""At the command line nobody has to wait for a worker: what is due is done at once."""

from instroom.flow.delivery.advance import advance
from instroom.store.models import Delivery


def run_due(delivery: Delivery) -> None:
    """Take all that is due of the delivery's customer as far as it goes, in order of delivery (product.md D7)."""
    while advance(delivery.customer):
        pass
    delivery.refresh_from_db()
