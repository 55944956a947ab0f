"""Takes a file in: kept whole first, then known (product.md D). From here on it is never lost."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from instroom.core.errors import NotFound
from instroom.core.layout.standard import DEFAULT_LAYOUT
from instroom.core.model import Policies
from instroom.flow import audit, find, permissions, two_persons
from instroom.flow.delivery import room
from instroom.flow.delivery.arrival import next_number
from instroom.flow.delivery.part_names import delivery_of_part
from instroom.flow.delivery.same_file import is_normal_repeat
from instroom.flow.delivery.versions import newest_to_correct
from instroom.flow.news.events import announce
from instroom.flow.news.notifications import tell_received
from instroom.flow.policies import file_policies, of_file
from instroom.flow.source_limits import refuse_other_sources, sources_to_deliver
from instroom.flow.waits import look_at_once
from instroom.store import database_clock
from instroom.store.files import delivered_files
from instroom.store.files.disk import is_about_room
from instroom.store.ids import new_id
from instroom.store.models import Connection, Customer, Delivery, FileAccount, User


def receive(
    path: Path,
    customer: Customer,
    *,
    by: User | FileAccount,
    connection: Connection | None = None,
    policies: Policies | Mapping[str, Any] | None = None,
    layout: str | None = None,
    name: str | None = None,
    corrects: Delivery | None = None,
    known_as: UUID | None = None,
    waits_for: str = "",
    watched: bool = False,
    by_program: bool = False,
    complete: bool = False,
) -> Delivery:
    """Take in a file for a customer. Layout and policies are the connection's unless they are given; of the policies
    some may be given alone. A file that `corrects` a delivery is its next version, and takes over what that one has.
    `by` is a user, or the file server's account that it came in by; `known_as` an id that it has already, and
    `waits_for` what has to come before its check: the `hour` of its connection, or a person who knows about its `name`,
    or about the `date` in it.
    `watched` says that it was dropped in a watched folder. What came `by_program`, as all does by
    an account, is announced by mail: nobody saw it come in. A user's file that is named as one of faulty records
    corrects the delivery that had them. A corrected file that is `complete` has all records: it is not put in the
    version before it.

    Raises NotFound and NotAllowed for what is named or corrected, NoRoom and TooManyWaiting, and OSError where the file
    cannot be read or kept. What came in by an account has its room already: that was asked before it was acknowledged.
    """
    user, account = (by, None) if isinstance(by, User) else (None, by)
    if user:
        corrects = _corrected(corrects, name or path.name, customer, user)
        room.refuse_without_room(customer, path.stat().st_size)
    agreed = _agreed(customer, connection, layout, policies, corrects)
    sources = sources_to_deliver(customer, user, account, agreed.connection)
    kept = _keep(path, customer, known_as or new_id())
    told = {"waits_for": waits_for, "watched": watched, "complete": complete}
    with transaction.atomic():
        now = database_clock.now()
        delivery = Delivery.objects.create(
            id=known_as or new_id(),
            customer=customer,
            number=_take_number(customer, connection),
            file_name=(name or path.name)[:255],
            delivered_by=user,
            account=account,
            managed_by=[str(one.pk) for one in two_persons.managers_of(account)] if account else [],
            received_at=now,
            changed_at=now,
            limited_to=None if sources is None else sorted(sources),
            **told,
            **agreed._asdict(),
            **kept,
        )
        _make_known(delivery, by_program)
    return delivery


def _corrected(corrects: Delivery | None, name: str, customer: Customer, user: User) -> Delivery | None:
    """What a user's file corrects, where they may deliver. Raises NotFound and NotAllowed."""
    permissions.check(user, "deliver", customer)
    corrects = corrects or delivery_of_part(name, customer, user)
    if corrects and corrects.customer_id == customer.pk:
        refuse_other_sources(corrects, "deliver", user)
    return corrects


def _keep(path: Path, customer: Customer, file_id: UUID) -> dict[str, Any]:
    """The file, under a key of its own; what a delivery knows of it."""
    key = f"{customer.name}/{file_id.hex}"
    try:
        with path.open("rb") as source:
            size, sha256 = delivered_files.keep(source, key, customer.pk)
    except OSError as error:
        if is_about_room(error):
            raise room.NoRoom("no-room-on-disk") from error
        raise
    return {"file_key": key, "bytes": size, "kept_bytes": size, "sha256": sha256}


def _make_known(delivery: Delivery, by_program: bool) -> None:
    through = {"account": delivery.account.name} if delivery.account else {}
    facts = {"bytes": delivery.bytes, "sha256": delivery.sha256, **through}
    audit.record(delivery, "received", delivery.delivered_by, **facts)
    if (delivery.account or by_program) and not is_normal_repeat(delivery):
        tell_received(delivery)
    announce(delivery)
    if delivery.connection_id:
        look_at_once(delivery.connection_id)


def _take_number(owner: Customer, connection: Connection | None) -> int:
    """In the meantime nobody removes the connection; raises NotFound where it is gone."""
    number = next_number(owner)
    if connection and not Connection.objects.filter(pk=connection.pk).exists():
        raise NotFound("no-connection", customer=owner.name, name=connection.name)
    return number


class _Agreed(NamedTuple):
    """By what a file is taken in."""

    connection: Connection | None
    layout: str
    policies: Mapping[str, Any]
    corrects: Delivery | None = None


def _agreed(
    owner: Customer,
    connection: Connection | None,
    layout: str | None,
    policies: Policies | Mapping[str, Any] | None,
    corrects: Delivery | None,
) -> _Agreed:
    """What is asked. What is not asked is that of the version before, or else the connection's, the customer's or ours.
    Raises NotFound and NotAllowed."""
    permissions.refuse_moving(owner)
    given = policies._asdict() if isinstance(policies, Policies) else policies or {}
    if corrects:
        if corrects.customer_id != owner.pk:
            raise NotFound("customer-has-no-delivery", customer=owner.name, delivery=corrects.pk)
        before = newest_to_correct(corrects)
        connection, layout = connection or before.connection, layout or before.layout
        agreed = _Agreed(connection, layout, of_file(before.policies, given)._asdict(), before)
    else:
        layout = layout or (connection.layout if connection else DEFAULT_LAYOUT)
        agreed = _Agreed(connection, layout, file_policies(owner, connection, given)._asdict())
    return agreed._replace(layout=find.layout(agreed.layout, owner).id)
