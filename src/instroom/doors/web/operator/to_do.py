"""What an operator has to do, as pages show it: a page of the list, and its kinds to choose from."""

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from django.db.models import QuerySet
from django.http import HttpRequest

from instroom.doors.web.frame.query import number_of, text_of
from instroom.flow.paging import Page, page_of
from instroom.flow.queries.to_do.all_is_well import AllIsWell, all_is_well
from instroom.flow.queries.to_do.thing import Kind, Thing
from instroom.store.models import Customer

ON_A_PAGE: Final = 15


class ToDo(NamedTuple):
    """What is shown of a list of things to do."""

    page: Page[Thing]
    total: int
    """Of all kinds."""
    kinds: dict[Kind, int]
    """How many there are of each, the worst first; empty where one page has all."""
    kind: str
    """The only one that is shown; "" for all."""
    well: AllIsWell | None
    """Where there is nothing to do."""


def shown(request: HttpRequest, things: Sequence[Thing], customers: QuerySet[Customer]) -> ToDo:
    """A page of the things of one kind, or of all, as the address asks for it."""
    kinds = Counter(thing.kind for thing in things) if len(things) > ON_A_PAGE else {}
    kind = wished if (wished := text_of(request, "kind")) in kinds else ""
    chosen = [thing for thing in things if kind in ("", thing.kind)]
    page = page_of(chosen, number_of(request, "todo"), ON_A_PAGE)
    return ToDo(page, len(things), dict(kinds), kind, None if things else all_is_well(customers))
