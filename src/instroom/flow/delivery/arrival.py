"""The order in which deliveries came in: a number for each customer (product.md D7).

Ids and moments come from the clock of the node that took a file in, and the clocks of two nodes differ.
"""

from django.db.models import Max

from instroom.flow.names import hold_names
from instroom.store.models import Customer


def next_number(customer: Customer) -> int:
    """The number of the delivery that comes in now. Until the end of the transaction nobody else takes one."""
    hold_names(customer)
    last: int | None = customer.deliveries.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
