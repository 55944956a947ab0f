"""The customers of an operator as a table: who needs something first, searched by name."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

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


def rows(customers: Iterable[Customer], things: Sequence[Thing], search: str, number: int) -> Page[CustomerRow]:
    """A page of the customers whose name or title has the words of the search. `things` are the worst first."""
    ranks: dict[str, int] = {}
    found: dict[str, list[Thing]] = {}
    for rank, thing in enumerate(things):
        if thing.customer:
            ranks.setdefault(thing.customer.name, rank)
            found.setdefault(thing.customer.name, []).append(thing)
    words = search.casefold().split()
    chosen = [one for one in customers if all(word in f"{one.title} {one.name}".casefold() for word in words)]
    chosen.sort(key=lambda one: ranks.get(one.name, len(things)))  # as many have no rank, by title as they come
    number, pages, part = bounds(number, len(chosen), _ON_A_PAGE)
    items = [
        CustomerRow(one, of_customer[0] if of_customer else None, len(of_customer))
        for one in customer_summaries(chosen[part])
        for of_customer in [found.get(one.customer.name, [])]
    ]
    return Page(items, number, pages, len(chosen))
