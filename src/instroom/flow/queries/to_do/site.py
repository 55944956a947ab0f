"""Of the site: the file server's certificate that ends, and moves of customers that stand still."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from instroom.config.file_server import file_server
from instroom.core.errors import SettingsError
from instroom.flow.file_server.certificate import chosen_certificate
from instroom.flow.queries.to_do.thing import LONG, MOST, Kind, Thing, Whose
from instroom.store.ids import moment_of
from instroom.store.models import Customer

_SOON: Final = timedelta(days=14)  # as for `instroom doctor`


def of_certificate(now: datetime) -> Iterator[Thing]:
    """Of the one that the site has chosen. One that cannot be read is told by `instroom doctor`, on its own machine."""
    try:
        pair = chosen_certificate(file_server())
        ends = pair.ends() if pair else None
    except (SettingsError, OSError, ValueError):
        return
    if ends and ends < now + _SOON:
        yield Thing(Kind.CERTIFICATE, None, "", None, "", {"ends": timezone.localtime(ends)})


def of_moves(customers: QuerySet[Customer], now: datetime) -> Iterator[Thing]:
    moving = customers.filter(move__isnull=False)
    for move, name, title in moving.values_list("move", "name", "title")[:MOST]:
        begun = moment_of(move) if move else now
        if begun < now - LONG:
            yield Thing(Kind.MOVE_STANDS_STILL, Whose(name, title), "", begun, "", {})
