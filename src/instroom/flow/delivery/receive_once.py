"""Takes a file in once, however often a program sends it (draft-ietf-httpapi-idempotency-key-header).

The key and the delivery are one transaction: after a crash either both are there, and sending again gives the same
answer, or neither is, and sending again is a first time.
"""

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone

from instroom.core.errors import InstroomError
from instroom.flow import permissions
from instroom.flow.delivery.receive import receive
from instroom.store.models import Customer, Delivery, RepeatKey, User

KEPT: Final = timedelta(days=7)
"""How long a key is known: a program that was broken over a long weekend may still send again."""
MOST_LETTERS: Final = 100  # of a key


class UnderWay(InstroomError):
    """The same key came twice at the same time, and the other one was first."""


class OtherContent(InstroomError):
    """The key was used for something else."""


class Received(NamedTuple):
    delivery: Delivery
    again: bool
    """It had been taken in before: nothing was done."""


def receive_once(key: str, path: Path, customer: Customer, *, by: User, **asked: Any) -> Received:
    """Take in a file as `receive` does, unless it was taken in under this key; a key is its user's own.

    Raises UnderWay, OtherContent, and what `receive` raises.
    """
    permissions.check(by, "deliver", customer)
    content = _digest(path, asked)
    if before := _before(key, customer, by):
        if before.sha256 != content or before.delivery is None:
            raise OtherContent("key-used-before")
        return Received(before.delivery, again=True)
    try:
        with transaction.atomic():
            RepeatKey.objects.filter(customer=customer, made_at__lt=timezone.now() - KEPT).delete()
            kept = RepeatKey.objects.create(customer=customer, user=by, key=key, sha256=content, made_at=timezone.now())
            delivery = receive(path, customer, by=by, by_program=True, **asked)
            RepeatKey.objects.filter(pk=kept.pk).update(delivery=delivery)
    except IntegrityError as error:
        if _before(key, customer, by) is None:
            raise
        raise UnderWay("same-delivery-under-way") from error
    return Received(delivery, again=False)


def _before(key: str, customer: Customer, user: User) -> RepeatKey | None:
    known = RepeatKey.objects.filter(customer=customer, user=user, key=key, made_at__gte=timezone.now() - KEPT)
    return known.select_related("delivery__customer", "delivery__connection").first()


def _digest(path: Path, asked: dict[str, Any]) -> str:
    """Of the file and of all that was asked with it, but for its name: a program may make a new one each time."""
    bound = {name: value for name, value in asked.items() if name != "name"}
    with path.open("rb") as source:
        file = hashlib.file_digest(source, "sha256").hexdigest()
    # A delivery or connection is bound by its id: its state moves on.
    text = json.dumps([file, bound], sort_keys=True, default=lambda named: str(named.pk))
    return hashlib.sha256(text.encode()).hexdigest()
