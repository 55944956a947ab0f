"""The register of persons who have been erased: a keyed hash of each, in the database and beside the delivered files.

That copy outlives the restore of an older backup of the database, which brings back who was erased since.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from instroom.core.keys import Key
from instroom.store import data_keys
from instroom.store.files.site_store import site_store
from instroom.store.models import Customer, Erasure, User
from instroom.store.sql import person_keys

_FOLDER: Final = "_erased"  # no customer has that name
_COPY: Final = re.compile(r"_erased/([0-9a-f]{32})/([0-9a-f]+)\.([0-9]{16})(?:\.([0-9]{16}))?")
_OLDER: Final = "erasures"  # in the home, for one machine alone
_FIRST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_STEP: Final = timedelta(microseconds=1)


class Registered(NamedTuple):
    """What the copy beside the files says of a person; the last one counts."""

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
    _store(customer, hashes_of(customer, [person]).values(), values)


def note_hashes(customer: Customer, persons: Collection[str]) -> None:
    """Of persons of whom the database holds nothing, which therefore cannot say who they are."""
    _store(customer, persons, {"erased_at": timezone.now(), "admitted_at": None})


def note_admitted(customer: Customer, persons: Collection[Key]) -> None:
    """They are in live again, by a decision. Call it in the transaction of the import."""
    if admitted := hashes_of(customer, erased_among(customer, persons)):
        _store(customer, admitted.values(), {"admitted_at": timezone.now()})


def _store(customer: Customer, persons: Iterable[str], values: dict[str, Any]) -> None:
    for person in persons:
        Erasure.objects.update_or_create(customer=customer, person=person, defaults=values)
    transaction.on_commit(lambda: write_missing(customer), robust=True)


def write_missing(customer: Customer) -> None:
    """Add to the copy beside the files what it lacks of a customer's register."""
    there = {one.key for one in site_store().list(f"{_FOLDER}/{customer.pk.hex}/")}
    for row in Erasure.objects.filter(customer=customer):
        moments = [f"{(at - _FIRST) // _STEP:016}" for at in (row.erased_at, row.admitted_at) if at]
        key = f"{_FOLDER}/{customer.pk.hex}/{'.'.join([row.person, *moments])}"
        if key not in there:
            with site_store().writing(key):
                pass  # its name says all, so that reading the register takes no more than a list


def registered() -> Iterator[Registered]:
    """The copy beside the files. A line of an older version's that broke off is skipped: the database has it. So is
    what others put there, such as a network disk or a console of S3."""
    older = Path(settings.INSTROOM_HOME) / _OLDER
    if older.exists():
        for line in older.read_text(encoding="ascii").splitlines():
            if line.endswith("]"):
                customer, person, erased_at, admitted_at = json.loads(line)
                admitted = datetime.fromisoformat(admitted_at) if admitted_at else None
                yield Registered(UUID(customer), person, datetime.fromisoformat(erased_at), admitted)
    for one in site_store().list(f"{_FOLDER}/"):
        if parts := _COPY.fullmatch(one.key):
            erased_at, *admitted_at = (_FIRST + int(moment) * _STEP for moment in parts.group(3, 4) if moment)
            yield Registered(UUID(parts[1]), parts[2], erased_at, admitted_at[0] if admitted_at else None)
