"""The sources to which somebody is limited for a customer (product.md G5). Every door, query and step asks here."""

from collections.abc import Collection, Iterable
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from instroom.core.errors import NotAllowed
from instroom.core.keys import source_key
from instroom.flow.acting import program_of
from instroom.flow.permissions import MAY
from instroom.store.models import Connection, Customer, Delivery, DeliverySource, FileAccount, Role, User

Sources = frozenset[str] | None
"""The `source_key` of each; None: not limited. An empty set is no source at all."""
MOST: Final = 100
MOST_LETTERS: Final = 60  # of one


def limit(kept: Collection[str]) -> Sources:
    """A limit as roles, tokens, accounts and connections keep it: an empty list is none."""
    return frozenset(map(source_key, kept)) or None


def meet(*limits: Sources) -> Sources:
    """What all of them allow."""
    narrow = [one for one in limits if one is not None]
    return frozenset.intersection(*narrow) if narrow else None


def is_within(source: str, sources: Sources) -> bool:
    """Whether a dossier with this `source_key` is of these sources."""
    return sources is None or source in sources


def sources_for(user: User | None, action: str, customer: Customer) -> Sources:
    """Of which sources a user, and the program that acts for them, may do this; None as user is who runs this machine.

    Of several roles that allow it, each gives its own.
    """
    if user is None:
        return None
    roles = Role.objects.filter(customer=customer, user=user, name__in=MAY[action])
    limits = [limit(one) for one in roles.values_list("sources", flat=True)]
    own = None if None in limits else frozenset[str]().union(*(one for one in limits if one))
    program = program_of(user)
    return meet(own, limit(program.sources)) if program else own


def sources_to_deliver(
    customer: Customer, user: User | None, account: FileAccount | None, connection: Connection | None
) -> Sources:
    """From which sources a file may bring something that comes in so."""
    own = sources_for(user, "deliver", customer)
    return meet(own, _of_account(account), _of_connection(connection))


def sources_of_delivery(delivery: Delivery) -> Sources:
    """From which sources a delivery may bring something: as when it came in, or less where that is agreed on since."""
    then = None if delivery.limited_to is None else frozenset[str](delivery.limited_to)
    return meet(then, _of_account(delivery.account), _of_connection(delivery.connection))


def may_take_over(delivery: Delivery, before: Delivery) -> bool:
    """Whether a delivery may take records over from a version before it: that has nothing of other sources, or its
    supplier delivered it too, under a limit that is no wider."""
    sources = sources_of_delivery(delivery)
    if sources is None:
        return True
    if before.limited_to is not None and before.delivered_by_id == delivery.delivered_by_id:
        return sources.issuperset(before.limited_to)
    named = set(DeliverySource.objects.filter(delivery=before).values_list("source", flat=True))
    return bool(named) and sources.issuperset(named)


def _of_account(account: FileAccount | None) -> Sources:
    return limit(account.sources) if account else None


def _of_connection(connection: Connection | None) -> Sources:
    return meet(limit(connection.sources), _of_account(connection.account)) if connection else None


def _of_supplier(customer: Customer, by: User) -> Q:
    """A supplier's own deliveries, with what corrects and undoes them: made by them, by a program that is not of
    another person, or by somebody who has left."""
    others = User.objects.filter(roles__customer=customer).exclude(pk=by.pk)
    own = Q()
    for way in ("", "undoes__", "undoes__undoes__", "corrects__"):
        theirs = Q(**{f"{way}delivered_by__in": others}) | Q(**{f"{way}account__contact__in": others})
        own |= ~theirs if not way else Q(**{f"{way[:-2]}__isnull": False}) & ~theirs
    return own


def visible(found: QuerySet[Delivery], customer: Customer, by: User | None, action: str = "read") -> QuerySet[Delivery]:
    """Of a customer's deliveries those that somebody may see, or do something with: what is wholly of their sources,
    and what they delivered themselves, or their account did, under a limit that is no wider."""
    sources = sources_for(by, action, customer)
    if by and set(Role.objects.filter(customer=customer, user=by).values_list("name", flat=True)) == {Role.SUPPLIER}:
        found = found.filter(_of_supplier(customer, by))
    if sources is None:
        return found
    named = DeliverySource.objects.filter(delivery=OuterRef("pk"))
    own = Q(delivered_by=by) | Q(account__contact=by)
    under_limit = Delivery.objects.filter(own, customer=customer, limited_to__isnull=False)
    limits = under_limit.values_list("limited_to", flat=True).distinct()
    narrower = [Q(limited_to=one) for one in limits if sources.issuperset(one or ())]
    theirs = own & reduce(or_, narrower) if narrower else Q(pk=None)
    return found.filter(theirs | Exists(named) & ~Exists(named.exclude(source__in=sources)))


def sees_connection(connection: Connection, by: User | None) -> bool:
    """Whether somebody may see a connection, with the names of its files: it brings nothing of other sources."""
    sources, brings = sources_for(by, "read", connection.customer), _of_connection(connection)
    return sources is None or (brings is not None and brings <= sources)


def is_open_to(delivery: Delivery, action: str, user: User) -> bool:
    """Whether a delivery has nothing of other sources than those of which somebody may do this."""
    if sources_for(user, action, delivery.customer) is None:
        return True
    return visible(Delivery.objects.filter(pk=delivery.pk), delivery.customer, user, action).exists()


def refuse_other_sources(delivery: Delivery, action: str, by: User) -> None:
    """Raise NotAllowed where `is_open_to` says no."""
    if not is_open_to(delivery, action, by):
        raise NotAllowed("other-sources")


def refuse_limited(by: User, action: str, customer: Customer) -> None:
    """Raise NotAllowed where somebody may do this for some sources alone: what it is about is of all of them."""
    if sources_for(by, action, customer) is not None:
        raise NotAllowed("limited-to-sources")


def note_sources(delivery: Delivery, sources: Iterable[str]) -> None:
    """Note that a delivery names or changes dossiers of these."""
    rows = [DeliverySource(delivery=delivery, source=one) for one in sources]
    DeliverySource.objects.bulk_create(rows, ignore_conflicts=True)


def checked_sources(given: Collection[Any]) -> list[str]:
    """The sources that somebody names for a limit, as they are kept. Raises NotAllowed."""
    sources = sorted({source_key(str(one)) for one in given} - {""})
    if len(sources) > MOST or any(len(one) > MOST_LETTERS or not one.isprintable() for one in sources):
        raise NotAllowed("sources", most=MOST, letters=MOST_LETTERS)
    return sources


def limit_facts(sources: Collection[str], before: Collection[str] = ()) -> dict[str, Any]:
    """What an entry in the audit log says of a limit; nothing where there is none, and was none `before`."""
    return {"sources": list(sources)} if sources or before else {}
