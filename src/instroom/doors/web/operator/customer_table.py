"""The customers of an operator as a table: who needs something first, searched by name."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from django.db.models import QuerySet

from instroom.flow.paging import Page, bounds
from instroom.flow.queries.operator_overview import CustomerSummary, customer_summaries
from instroom.flow.queries.to_do.thing import Thing
from instroom.store.models import Customer

_ON_A_PAGE: Final = 25


class CustomerRow(NamedTuple):
    """A customer with what is the matter there."""

    summary: CustomerSummary
    worst: Thing | None
    things: int

    @property
    def more(self) -> int:
        """Things beside the worst one."""
        return self.things - 1


def rows(customers: QuerySet[Customer], things: Sequence[Thing], search: str, number: int) -> Page[CustomerRow]:
    """A page of the customers whose name or title has the words of the search. `things` are the worst first."""
    ranks: dict[str, int] = {}
    found: dict[str, list[Thing]] = {}
    for rank, thing in enumerate(things):
        if thing.customer:
            ranks.setdefault(thing.customer.name, rank)
            found.setdefault(thing.customer.name, []).append(thing)
    words = search.casefold().split()
    names = customers.values_list("pk", "name", "title")  # of thousands: rows are made for those on the page
    chosen = [(pk, name) for pk, name, title in names if all(one in f"{title} {name}".casefold() for one in words)]
    chosen.sort(key=lambda one: ranks.get(one[1], len(things)))  # who has no rank: by title, as they come
    number, pages, part = bounds(number, len(chosen), _ON_A_PAGE)
    whole = customers.in_bulk([pk for pk, _ in chosen[part]])
    items = [
        CustomerRow(one, of_customer[0] if of_customer else None, len(of_customer))
        for one in customer_summaries([whole[pk] for pk, _ in chosen[part]])
        for of_customer in [found.get(one.customer.name, [])]
    ]
    return Page(items, number, pages, len(chosen))
