"""A page out of many."""

from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

Item = TypeVar("Item")


class Page(NamedTuple, Generic[Item]):
    """Some of all items, with where they stand."""

    items: list[Item]
    number: int
    """From 1."""
    pages: int
    total: int


def bounds(number: int, total: int, size: int) -> tuple[int, int, slice]:
    """The page that is meant by `number` (the nearest that there is), how many there are, and which items are on it."""
    pages = max(-(-total // size), 1)
    number = min(max(number, 1), pages)
    return number, pages, slice((number - 1) * size, number * size)


def page_of(items: Sequence[Item], number: int, size: int) -> Page[Item]:
    """A page of items that are all at hand."""
    number, pages, part = bounds(number, len(items), size)
    return Page(list(items[part]), number, pages, len(items))


def page_with(items: Iterable[Item], like: "Page[object]") -> Page[Item]:
    """Other items in the place of those of a page."""
    return Page(list(items), like.number, like.pages, like.total)
