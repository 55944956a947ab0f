"""The register of persons who have been erased: a keyed hash of each, in the database and in `erasures` in the home.

The home's copy outlives the restore of an older backup of the database, which brings back who was erased since.
"""

import json
import os
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from instroom.core.keys import Key
from instroom.store import data_keys
from instroom.store.models import Customer, Erasure, User
from instroom.store.sql import person_keys

_NAME: Final = "erasures"


class Registered(NamedTuple):
    """A line of the home's copy; the last one of a person counts."""

    customer: UUID
    person: str
    erased_at: datetime
    admitted_at: datetime | None


def hashes_of(customer: Customer, persons: Collection[Key]) -> dict[Key, str]:
    """By what erased persons are known again."""
    secret = data_keys.lookup_key(customer.pk)
    return {one: person_keys.lookup(secret, one) for one in persons}


def erased_among(customer: Customer, persons: Collection[Key]) -> set[Key]:
    """Those of these persons who have been erased, and not admitted since."""
    known = set(Erasure.objects.filter(customer=customer, admitted_at=None).values_list("person", flat=True))
    return {one for one, hashed in hashes_of(customer, persons).items() if hashed in known} if known else set()


def note_erased(customer: Customer, person: Key, reason: str, by: User | None) -> None:
    """Call it in the transaction of the erasure."""
    values = {"erased_at": timezone.now(), "erased_by": by, "reason": reason, "admitted_at": None}
    _store(customer, hashes_of(customer, [person])[person], values)


def note_hashes(customer: Customer, persons: Collection[str]) -> None:
    """Of persons of whom the database holds nothing, which therefore cannot say who they are."""
    for person in persons:
        _store(customer, person, {"erased_at": timezone.now(), "admitted_at": None})


def note_admitted(customer: Customer, persons: Collection[Key]) -> None:
    """They are in live again, by a decision. Call it in the transaction of the import."""
    for hashed in hashes_of(customer, erased_among(customer, persons)).values():
        _store(customer, hashed, {"admitted_at": timezone.now()})


def _store(customer: Customer, person: str, values: dict[str, Any]) -> None:
    Erasure.objects.update_or_create(customer=customer, person=person, defaults=values)
    transaction.on_commit(lambda: write_missing(customer), robust=True)


def write_missing(customer: Customer) -> None:
    """Add to the home's copy what it lacks of a customer's register."""
    there = {(one.customer, one.person): one for one in registered()}
    lines = []
    for row in Erasure.objects.filter(customer=customer):
        one = Registered(customer.pk, row.person, row.erased_at, row.admitted_at)
        if there.get((one.customer, one.person)) != one:
            moments = [at and at.isoformat() for at in one[2:]]
            lines.append("\n" + json.dumps([str(one.customer), one.person, *moments]))
    if lines:
        with _path().open("a", encoding="ascii") as file:
            file.writelines(lines)  # each on a line of its own, also after one that broke off
            file.flush()
            os.fsync(file.fileno())


def registered() -> Iterator[Registered]:
    """The lines of the home's copy. One that broke off (a full disk, a kill) is skipped: the database has it."""
    if _path().exists():
        for line in _path().read_text(encoding="ascii").splitlines():
            if line.endswith("]"):
                customer, person, erased_at, admitted_at = json.loads(line)
                admitted = datetime.fromisoformat(admitted_at) if admitted_at else None
                yield Registered(UUID(customer), person, datetime.fromisoformat(erased_at), admitted)


def _path() -> Path:
    return Path(settings.INSTROOM_HOME) / _NAME
