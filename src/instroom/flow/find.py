"""Finds what a person names: a customer, a delivery, a layout."""

from collections.abc import Sequence
from uuid import UUID

from instroom.core.errors import LayoutError, NotFound
from instroom.core.file_pattern import pattern_in
from instroom.core.keys import file_key
from instroom.core.layout.loader import Layout
from instroom.core.layout.standard import standard_layouts, standard_named
from instroom.flow import site_layouts
from instroom.flow.source_limits import sees_connection, visible
from instroom.store.models import Connection, Customer, Delivery, Environment, FileAccount, User


def customer(name: str, of: User | None = None) -> Customer:
    """The customer of that name; raises NotFound. With `of`, one that this user has a role for: one of others does not
    exist."""
    customers = Customer.objects.filter(roles__user=of) if of else Customer.objects
    found = customers.filter(name=name).first()
    if found is None:
        raise NotFound("no-customer", name=name)
    return found


def user(name: str) -> User:
    """The user of that name; raises NotFound."""
    found = User.objects.filter(username=name).first()
    if found is None:
        raise NotFound("no-user", name=name)
    return found


def active_user(name: str) -> User:
    """The user of that name who acts; raises NotFound, also where the account is closed."""
    found = user(name)
    if not found.is_active:
        raise NotFound("no-user", name=name)
    return found


def connection(owner: Customer, name: str, of: User | None = None) -> Connection:
    """A connection of a customer; raises NotFound. With `of`, one that this user may see: others do not exist."""
    found = Connection.objects.filter(customer=owner, name=name).first()
    if found is None or not sees_connection(found, of):
        raise NotFound("no-connection", customer=owner.name, name=name)
    return found


def connections_ever(owner: Customer, name: str) -> list[Connection]:
    """The connections of a customer that have this name, or had it when they were removed; raises NotFound."""
    found = list(Connection.ever.filter(customer=owner, name=name))
    if not found:
        raise NotFound("no-connection", customer=owner.name, name=name)
    return found


def hold_connection(seen: Connection) -> Connection:
    """A connection as it is now, for this transaction alone; raises NotFound where it has been removed."""
    found = Connection.objects.select_for_update().filter(pk=seen.pk).first()
    if found is None:
        raise NotFound("no-connection", customer=seen.customer.name, name=seen.name)
    return found


def connection_with_file(account: FileAccount, name: str, folder: str = "") -> Connection | None:
    """The connection of an account that a file of that name in that folder belongs to."""
    return with_file(list(Connection.objects.filter(account=account, folder_key=file_key(folder))), name)


def with_file(connections: Sequence[Connection], name: str) -> Connection | None:
    """Of the connections of a folder, the one with exactly this name, or else the only one whose pattern it fits. Two
    patterns leave it to a person."""
    exact = [one for one in connections if file_key(one.file_name) == file_key(name)]
    patterns = [(one, pattern_in(one.file_name)) for one in connections]
    fitting = exact or [one for one, pattern in patterns if pattern and pattern.matches(name)]
    return fitting[0] if len(fitting) == 1 else None


def delivery(name: str) -> Delivery:
    """The delivery with this id, or the one whose id begins so; raises NotFound where there is none, or several."""
    digits = name.replace("-", "").lower()
    if not 4 <= len(digits) <= 32 or set(digits) - set("0123456789abcdef"):
        raise _no_delivery(name)
    first, last = digits.ljust(32, "0"), digits.ljust(32, "f")
    found = list(Delivery.objects.filter(pk__gte=first, pk__lte=last).select_related("customer", "connection")[:2])
    if len(found) == 1:
        return found[0]
    if not found:
        raise _no_delivery(name)
    raise NotFound("delivery-ambiguous", name=name)


def delivery_of(customer: Customer, delivery_id: UUID, *, by: User) -> Delivery:
    """A delivery of a customer that somebody may see, with what is shown beside it; raises NotFound."""
    people = ("customer", "connection", "undoes", "delivered_by", "decided_by")
    found = Delivery.objects.filter(customer=customer, pk=delivery_id).select_related(*people)
    one = visible(found, customer, by).first()
    if one is None:
        raise _no_delivery(str(delivery_id))
    return one


def _no_delivery(name: str) -> NotFound:
    return NotFound("no-delivery", name=name)


def environment(owner: Customer, name: str) -> Environment:
    """An environment of a customer; raises NotFound."""
    found = owner.environments.filter(name=name).first()
    if found is None:
        raise NotFound("no-environment", name=name)
    return found


def environments(owner: Customer) -> tuple[Environment, Environment]:
    """Training and live of a customer."""
    found = {one.name: one for one in owner.environments.all()}
    return found[Environment.TRAINING], found[Environment.LIVE]


def layout(name: str, of: Customer | None = None) -> Layout:
    """The layout of that name, our own or the site's; raises NotFound. With `of`, the error names our own and those
    that this customer's connections have, and no others: they may be named after another customer."""
    if found := standard_named(name):
        return found
    problem = None
    try:
        if own := site_layouts.named(name):
            return own
    except LayoutError as error:  # it was sound for an older version of Instroom
        problem = error
    others = set(of.connections.values_list("layout", flat=True)) if of else set(site_layouts.ids())
    if problem is None or (of and name not in others):
        known = sorted({one.id for one in standard_layouts()} | others)
        problem = LayoutError("no-layout", name=name, layouts=known)
    raise NotFound("layout", problem=problem)
