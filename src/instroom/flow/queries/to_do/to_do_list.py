"""The list of all that needs a person, the worst first. As many queries for two thousand customers as for one."""

from datetime import datetime

from django.db.models import QuerySet

from instroom.flow.queries.operator_overview import without_roles
from instroom.flow.queries.to_do.connections import of_connections
from instroom.flow.queries.to_do.deliveries import of_deliveries
from instroom.flow.queries.to_do.file_accounts import of_file_accounts
from instroom.flow.queries.to_do.messages import of_messages, of_people, of_themselves
from instroom.flow.queries.to_do.site import of_certificate, of_moves
from instroom.flow.queries.to_do.thing import Thing
from instroom.store import database_clock
from instroom.store.models import Customer, User


def to_do_for(customers: QuerySet[Customer], now: datetime | None = None) -> list[Thing]:
    """What there is to do for these customers. Who asks must operate all of them. `now` is another moment for tests."""
    now, customers = now or database_clock.now(), without_roles(customers)
    open_ones = customers.filter(move=None)  # pages of one that moves are closed
    things = [
        *of_connections(open_ones, now),
        *of_deliveries(open_ones, now),
        *of_file_accounts(open_ones),
        *of_messages(open_ones),
        *of_people(open_ones),
        *of_moves(customers, now),
    ]
    return sorted(things, key=lambda thing: thing.rank(now))


def to_do_of_operator(by: User, customers: QuerySet[Customer]) -> list[Thing]:
    """As `to_do_for`, with what there is to do for the operator, and for who runs the site."""
    now = database_clock.now()
    own = [*of_themselves(by), *(of_certificate(now) if by.is_superuser else ())]
    return sorted([*own, *to_do_for(customers, now)], key=lambda thing: thing.rank(now))
